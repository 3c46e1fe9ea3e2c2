import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface ChangedRoles {
  userId: string
  rolesVersion: number
}

/** Whose roles were changed within the last `seconds`, and their version now, in no particular order. */
export async function listChangedRoles(db: Kysely<Schema>, seconds: number): Promise<ChangedRoles[]> {
  return db
    .selectFrom('users')
    .select(['id as userId', 'rolesVersion'])
    .where('rolesChangedAt', '>', sql<string>`now() - make_interval(secs => ${seconds})`)
    .execute()
}

/** The ids of all sessions, whoever they belong to, that were ended within the last `seconds`, in no particular order. */
export async function listRevokedSessions(db: Kysely<Schema>, seconds: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where('revokedAt', '>', sql<string>`now() - make_interval(secs => ${seconds})`)
    .execute()
  return rows.map(({ id }) => id)
}
