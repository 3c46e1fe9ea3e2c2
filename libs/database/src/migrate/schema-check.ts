import { type Queryable, readSchemaState, schemaProblem } from './compatibility.ts'
import { isOwnerLogin, ownerLoginProblem } from './owner-login.ts'

export interface SchemaCheckOptions {
  connect: () => Promise<Queryable & { release: () => void }>
  /** Whether a service that logs in as the owner of the tables is refused; otherwise that is a warning. */
  refuseOwner: boolean
  log: { warn: (context: object, message: string) => void; info: (context: object, message: string) => void }
}

/** How long the answer that this program can run is kept. */
const freshMilliseconds = 10_000

/**
 * Returns a function that resolves to why this program cannot run on its database, because of the schema or of its login, or to null
 * when it can. While the database does not answer, the last answer stands, and null before the first. A change is logged once.
 */
export function createSchemaCheck({
  connect,
  refuseOwner,
  log,
}: SchemaCheckOptions): () => Promise<string | null> {
  let problem: string | null = null
  let askAgainAt = 0
  let warned = false

  async function ask(): Promise<string | null> {
    const client = await connect()
    try {
      const found = schemaProblem(await readSchemaState(client))
      if (found !== null || !(await isOwnerLogin(client))) return found
      if (refuseOwner) return ownerLoginProblem
      if (!warned) log.warn({ problem: ownerLoginProblem }, 'a service logs in as the owner of the database')
      warned = true
      return null
    } finally {
      client.release()
    }
  }

  return async () => {
    if (problem === null && Date.now() < askAgainAt) return null
    const found = await ask().catch(() => problem)
    if (found !== null && found !== problem)
      log.warn({ problem: found }, 'this program cannot run on the database')
    else if (found === null && problem !== null) log.info({}, 'this program can run on the database again')
    problem = found
    askAgainAt = Date.now() + freshMilliseconds
    return problem
  }
}
