import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'

export interface DatabaseCheck {
  name: string
  needed: 'ready' | 'degraded'
  check: () => Promise<{ status: 'healthy' | 'degraded' | 'unhealthy'; details: Record<string, unknown> }>
}

/** Shorter than the time-out of a health check, because a slow primary must not be taken for a service that cannot read. */
const timeoutMilliseconds = 1000
const after = (milliseconds: number) => sleep(milliseconds, null, { ref: false })

/**
 * One health check for the primary and one per replica. On a schema that this program cannot run on, or with a login that is refused, the
 * first is `unhealthy` and says what to do. A lost primary is `degraded` while a replica can still answer reads, and `unhealthy` otherwise. An old primary that a
 * promotion has left behind is an unhealthy replica.
 */
export function databaseChecks(database: Database): DatabaseCheck[] {
  const [primary, ...replicas] = database.nodes
  return [
    {
      name: 'database',
      needed: 'ready',
      async check() {
        const pool = primary.pool.size()
        const answer = await Promise.race([primary.probe().catch(() => null), after(timeoutMilliseconds)])
        const problem = answer
          ? await Promise.race([database.schemaProblem(), after(timeoutMilliseconds)])
          : null
        if (problem !== null) return { status: 'unhealthy', details: { schema: problem, pool } }
        if (answer)
          return {
            status: answer.inRecovery ? 'degraded' : 'healthy',
            details: { writable: !answer.inRecovery, pool },
          }
        const readable = replicas.some((replica) => replica.reachable && !replica.leftBehind)
        return { status: readable ? 'degraded' : 'unhealthy', details: { writable: false, pool } }
      },
    },
    ...replicas.map(
      (replica): DatabaseCheck => ({
        name: replica.name,
        needed: 'degraded',
        async check() {
          await replica.probe()
          if (replica.leftBehind) return { status: 'unhealthy', details: { leftBehind: true } }
          const { lagMilliseconds, inRotation } = replica
          const late = lagMilliseconds !== null && !inRotation
          const lagSeconds = (lagMilliseconds ?? 0) / 1000
          return {
            status: late ? 'degraded' : 'healthy',
            details: { lagSeconds, inRotation, pool: replica.pool.size() },
          }
        },
      }),
    ),
  ]
}
