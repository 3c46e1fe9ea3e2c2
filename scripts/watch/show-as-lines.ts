import { arrange, clockOf } from './board-text.ts'
import type { LiveOrders, LiveOrdersListener } from './live-orders.ts'

/** A line per event and per change of the connection, for pipes and files. */
export function showAsLines(print: (line: string) => void): Omit<LiveOrdersListener, 'onRefused'> {
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
      for (const { number, type, actorRole, at } of events)
        print(`${clock(at)} ${number} ${type} by ${actorRole}${lag}`)
    },
  }
}
