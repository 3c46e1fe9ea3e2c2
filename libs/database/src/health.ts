import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, DatabaseOptions } from './database.ts'
import type { DatabaseNode } from './node.ts'

export interface DatabaseCheck {
  name: string
  needed: 'ready' | 'degraded'
  check: () => Promise<{ status: 'healthy' | 'degraded' | 'unhealthy'; details: Record<string, unknown> }>
}

/** Less than the time-out of a health check, because a slow primary must not look like a service that cannot read. */
const patienceMilliseconds = 1000
const after = (milliseconds: number) => sleep(milliseconds, null, { ref: false })

/**
 * One health check for the primary and one per replica. A lost primary is `degraded` while a replica can still answer
 * reads, and `unhealthy` when there is none.
 */
export function databaseChecks(
  database: Database,
  { maximumLagMilliseconds }: Pick<DatabaseOptions, 'maximumLagMilliseconds'>,
): DatabaseCheck[] {
  const [primary, ...replicas] = database.nodes as [DatabaseNode, ...DatabaseNode[]]
  return [
    {
      name: 'database',
      needed: 'ready',
      async check() {
        const pool = primary.pool.size()
        const answer = await Promise.race([
          primary.findPosition().catch(() => null),
          after(patienceMilliseconds),
        ])
        if (answer)
          return {
            status: answer.inRecovery ? 'degraded' : 'healthy',
            details: { writable: !answer.inRecovery, pool },
          }
        const readable = replicas.some((replica) => replica.reachable)
        return { status: readable ? 'degraded' : 'unhealthy', details: { writable: false, pool } }
      },
    },
    ...replicas.map(
      (replica): DatabaseCheck => ({
        name: replica.name,
        needed: 'degraded',
        async check() {
          await replica.findPosition()
          const lagSeconds = (replica.lagMilliseconds ?? 0) / 1000
          const late = (replica.lagMilliseconds ?? 0) > maximumLagMilliseconds
          return { status: late ? 'degraded' : 'healthy', details: { lagSeconds, pool: replica.pool.size() } }
        },
      }),
    ),
  ]
}
