import type { BackoffLimits } from './backoff.ts'
import type { Timers } from './timers.ts'

/** A user may ask the API a hundred times a minute. */
const mostOrders = 20

/**
 * While there is no connection, reads over REST what is followed: a request per feed, and some orders in turn, after one to
 * two times the longest wait of the backoff: every 10 to 20 seconds. So a screen behind a network that lets no socket through, or while all gateways are down, is late but not wrong.
 */
export function readWhileAway(options: {
  timers: Timers
  backoff: BackoffLimits
  refreshFeeds: () => void
  orderIds: () => string[]
  readOrder: (orderId: string) => Promise<void>
}): { begin: () => void; end: () => void } {
  const { timers, backoff, refreshFeeds, orderIds, readOrder } = options
  let cancel: (() => void) | undefined
  let from = 0

  async function round(): Promise<void> {
    refreshFeeds()
    const all = orderIds()
    if (from >= all.length) from = 0
    const some = all.slice(from, from + mostOrders)
    from += mostOrders
    // One that cannot be read is read in a later round, or when the connection is back.
    for (const orderId of some) await readOrder(orderId).catch(() => {})
  }

  function begin(): void {
    const pause = backoff.mostMilliseconds * (1 + Math.random())
    cancel ??= timers.later(pause, () => {
      void round().then(() => {
        if (!cancel) return
        cancel = undefined
        begin()
      })
    })
  }

  return {
    begin,
    end() {
      cancel?.()
      cancel = undefined
    },
  }
}
