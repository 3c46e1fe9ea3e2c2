import type { Database, DatabaseOptions } from './database.ts'
import { type DatabaseNode, findPosition } from './node.ts'

export interface DatabaseCheck {
  name: string
  needed: 'ready' | 'degraded'
  check: () => Promise<{ status: 'healthy' | 'degraded' | 'unhealthy'; details: Record<string, unknown> }>
}

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
        try {
          const { inRecovery } = await findPosition(primary)
          return { status: inRecovery ? 'degraded' : 'healthy', details: { writable: !inRecovery, pool } }
        } catch {
          const readable = replicas.some((replica) => replica.reachable)
          return { status: readable ? 'degraded' : 'unhealthy', details: { writable: false, pool } }
        }
      },
    },
    ...replicas.map(
      (replica): DatabaseCheck => ({
        name: replica.name,
        needed: 'degraded',
        async check() {
          await findPosition(replica)
          const lagSeconds = (replica.lagMilliseconds ?? 0) / 1000
          const late = (replica.lagMilliseconds ?? 0) > maximumLagMilliseconds
          return { status: late ? 'degraded' : 'healthy', details: { lagSeconds, pool: replica.pool.size() } }
        },
      }),
    ),
  ]
}
