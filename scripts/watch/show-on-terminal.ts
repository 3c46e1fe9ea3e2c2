import { createLogUpdate } from 'log-update'
import { boardText } from './board-text.ts'
import type { LiveOrders, LiveOrdersListener } from './live-orders.ts'

/** At most ten pictures a second, however many orders move. */
const pauseMilliseconds = 100

/** A board that is drawn again in its place. */
export function showOnTerminal(stream: NodeJS.WriteStream): Omit<LiveOrdersListener, 'onRefused'> {
  const draw = createLogUpdate(stream)
  const size = () => ({ rows: stream.rows || 24, columns: stream.columns || 80 })
  let timer: NodeJS.Timeout | undefined
  let newest: LiveOrders | undefined

  function picture(): void {
    timer = undefined
    if (newest) draw(boardText(newest, size()))
  }

  function onChange(live: LiveOrders): void {
    newest = live
    timer ??= setTimeout(picture, pauseMilliseconds)
  }

  stream.on('resize', () => (timer ??= setTimeout(picture, 0)))
  return { onChange, onEvents: (_events, live) => onChange(live) }
}
