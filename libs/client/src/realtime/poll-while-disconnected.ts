import type { BackoffLimits } from './backoff.ts'
import type { Timers } from './timers.ts'

/** How many orders are read in a pass. A user may ask the API a hundred times a minute. */
const ordersPerPass = 20

/**
 * Polls what is followed over REST while there is no connection: in each pass all feeds and the next 20 orders, round-robin.
 * Passes are one to two times the longest back-off apart, by default 10 to 20 seconds. So a screen is late but not wrong
 * behind a network that lets no socket through, or while all gateways are down.
 */
export function pollWhileDisconnected(options: {
  timers: Timers
  backoff: BackoffLimits
  refreshFeeds: () => void
  orderIds: () => string[]
  readOrder: (orderId: string) => Promise<void>
}): { begin: () => void; end: () => void } {
  const { timers, backoff, refreshFeeds, orderIds, readOrder } = options
  let cancel: (() => void) | undefined
  let from = 0

  async function pass(): Promise<void> {
    refreshFeeds()
    const all = orderIds()
    if (from >= all.length) from = 0
    const some = all.slice(from, from + ordersPerPass)
    from += ordersPerPass
    // One that cannot be read is read in a later pass, or when the connection is back.
    for (const orderId of some) await readOrder(orderId).catch(() => {})
  }

  function begin(): void {
    const pause = backoff.mostMilliseconds * (1 + Math.random())
    cancel ??= timers.later(pause, () => {
      void pass().then(() => {
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
