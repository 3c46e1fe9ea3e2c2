import type { RelayedOrder } from '@comanda/events/relay'
import type { Tracing } from '@comanda/service'

/**
 * Records for each event that is traced that this worker has numbered it, and returns what is to be published: the trace goes on from
 * there in the gateways. Without tracing here, a trace passes through as it came.
 */
export function traceRelay(
  tracing: Tracing | undefined,
  relayed: readonly RelayedOrder[],
  startedAt: number,
): readonly RelayedOrder[] {
  if (tracing === undefined) return relayed
  return relayed.map((order) => {
    const { traceparent, message } = order
    if (traceparent === undefined) return order
    const operation = {
      name: `relay ${String(message.event.type)}`,
      kind: 'producer',
      attributes: { 'messaging.system': 'redis', 'messaging.operation.type': 'send' },
      startedAt,
    } as const
    return { ...order, traceparent: tracing.continueTrace(traceparent, operation) }
  })
}
