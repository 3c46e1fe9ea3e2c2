import { schemaVersion } from './schema-version.ts'

/** The one row of the table `schema_version`. */
export interface SchemaState {
  /** The schema version of the newest program that has migrated the database. */
  version: number
  /** Programs written for an older schema version than this cannot run on the schema. */
  oldestProgram: number
  /** The first release whose programs can run on it. */
  oldestRelease: string
}

/** What can run a statement: a connection of pg, or one of a pool. */
export interface Queryable {
  query: (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>
}

const undefinedTable = '42P01'

/** Reads the state of a schema; null when the database has no schema yet, or one from before there were versions. */
export async function readSchemaState(client: Queryable): Promise<SchemaState | null> {
  try {
    const { rows } = await client.query(
      `select version, oldest_program as "oldestProgram", oldest_release as "oldestRelease" from schema_version`,
      [],
    )
    return (rows[0] as SchemaState | undefined) ?? null
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return null
    throw error
  }
}

/**
 * Why a program cannot run on a schema, and what to do about it; null when it can.
 * @param program the schema version that it was written for
 */
export function schemaProblem(state: SchemaState | null, program: number = schemaVersion): string | null {
  const version = state?.version ?? 0
  if (version < program)
    return `The schema of the database is at version ${version}, and this program needs ${program}: run migrate.`
  if (state === null || state.oldestProgram <= program) return null
  return `The schema of the database is at version ${version}, on which this program (${program}) cannot run: use release ${state.oldestRelease} or later.`
}
