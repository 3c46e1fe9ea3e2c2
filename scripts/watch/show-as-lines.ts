import { arrange, clockOf } from './board-text.ts'
import type { LiveOrders, LiveOrdersListener } from './live-orders.ts'
import type { PickupCodes } from './pickup-codes.ts'

/** A line per event and per change of the connection, for pipes and files. */
export function showAsLines(
  print: (line: string) => void,
  codes: PickupCodes,
): Omit<LiveOrdersListener, 'onRefused'> {
  let printed: Promise<void> = Promise.resolve()
  let state = ''
  let isCurrent = false

  function onChange(live: LiveOrders): void {
    const now = live.reason === null ? live.state : `${live.state} (${live.reason})`
    if (now !== state) print(now)
    state = now
    if (live.board?.current && !isCurrent) {
      const counts = arrange(live, 0).map(({ title, count }) => `${count} ${title}`)
      print(`${live.cafeteria.name}, event ${live.board.seq}: ${counts.join(', ')}`)
    }
    isCurrent = live.board?.current ?? false
  }

  return {
    onChange,
    onEvents(events, live) {
      const clock = clockOf(live.cafeteria.timeZone)
      const lag = live.lag === null ? '' : `, lag ${live.lag} ms`
      // In their order, each with its code.
      printed = printed.then(async () => {
        await codes.load(events.map(({ orderId }) => orderId))
        for (const { orderId, type, actorRole, at } of events)
          print(`${clock(at)} ${codes.of(orderId) ?? orderId} ${type} by ${actorRole}${lag}`)
      })
    },
  }
}
