import type { Statement } from '@comanda/database'
import { currentTimings } from '../timing/timings.ts'
import type { Tracing } from './tracing.ts'

/** A listener that makes a span of each statement of a request. Its text has no values, which are parameters. */
export function traceStatements(tracing: Tracing): (statement: Statement) => void {
  return ({ text, queryType, table, seconds, failed }) => {
    const scope = currentTimings()
    if (scope === undefined) return
    const endedAt = performance.now()
    const operation = queryType.toUpperCase()
    tracing.recordOperation(scope, {
      name: table === 'none' ? operation : `${operation} ${table}`,
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': operation,
        'db.collection.name': table,
        'db.query.text': text,
      },
      startedAt: endedAt - seconds * 1000,
      endedAt,
      failed,
    })
  }
}
