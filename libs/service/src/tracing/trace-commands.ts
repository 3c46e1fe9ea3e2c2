import type { RedisCommandListener } from '../redis/redis-metrics.ts'
import { currentTimings } from '../timing/timings.ts'
import type { Tracing } from './tracing.ts'

/** A listener that makes a span of each Redis command of a request, without its keys and values. */
export function traceCommands(tracing: Tracing): RedisCommandListener {
  return ({ command, startedAt, failed }) => {
    const scope = currentTimings()
    if (scope === undefined) return
    const operation = command.toUpperCase()
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': operation }
    tracing.recordOperation(scope, { name: operation, kind: 'client', attributes, startedAt, failed })
  }
}
