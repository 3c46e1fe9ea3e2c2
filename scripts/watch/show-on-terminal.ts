import { createLogUpdate } from 'log-update'
import { arrange, boardText } from './board-text.ts'
import type { LiveOrders, LiveOrdersListener } from './live-orders.ts'
import type { PickupCodes } from './pickup-codes.ts'

/** At most ten pictures a second, however many orders move. */
const pauseMilliseconds = 100

/** A board that is drawn again in its place. */
export function showOnTerminal(
  stream: NodeJS.WriteStream,
  codes: PickupCodes,
): Omit<LiveOrdersListener, 'onRefused'> {
  const draw = createLogUpdate(stream)
  const size = () => ({ rows: stream.rows || 24, columns: stream.columns || 80 })
  let timer: NodeJS.Timeout | undefined
  let newest: LiveOrders | undefined

  function picture(): void {
    timer = undefined
    if (newest) draw(boardText(newest, { codeOf: codes.of, size: size() }))
  }

  function onChange(live: LiveOrders): void {
    newest = live
    timer ??= setTimeout(picture, pauseMilliseconds)
    const shown = arrange(live, size().rows).flatMap((column) => column.newest.map(({ id }) => id))
    const unknown = shown.filter((id) => codes.of(id) === undefined)
    if (unknown.length > 0) void codes.load(unknown).then(() => (timer ??= setTimeout(picture, 0)))
  }

  stream.on('resize', () => (timer ??= setTimeout(picture, 0)))
  return { onChange, onEvents: (_events, live) => onChange(live) }
}
