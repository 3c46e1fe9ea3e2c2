import { type Queryable, readSchemaState, schemaProblem } from './compatibility.ts'

export interface SchemaCheckOptions {
  connect: () => Promise<Queryable & { release: () => void }>
  log: { warn: (context: object, message: string) => void; info: (context: object, message: string) => void }
}

/** How long the answer that this program can run is kept. */
const freshMilliseconds = 10_000

/**
 * Returns a function that resolves to why this program cannot run on the schema of its database, or to null when it can. While the
 * database does not answer, the last answer stands, and null before the first. A change is logged once.
 */
export function createSchemaCheck({ connect, log }: SchemaCheckOptions): () => Promise<string | null> {
  let problem: string | null = null
  let askAgainAt = 0

  async function ask(): Promise<string | null> {
    const client = await connect()
    try {
      return schemaProblem(await readSchemaState(client))
    } finally {
      client.release()
    }
  }

  return async () => {
    if (problem === null && Date.now() < askAgainAt) return null
    const found = await ask().catch(() => problem)
    if (found !== null && found !== problem)
      log.warn({ problem: found }, 'this program cannot run on the schema')
    else if (found === null && problem !== null) log.info({}, 'this program can run on the schema again')
    problem = found
    askAgainAt = Date.now() + freshMilliseconds
    return problem
  }
}
