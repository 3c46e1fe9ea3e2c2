import { setTimeout as wait } from 'node:timers/promises'
import { findStale, type Watchers } from './find-stale.ts'
import type { OrderVersion } from './orders-in-database.ts'

const pollMilliseconds = 50

/**
 * Resolves to the milliseconds from now until every phone and screen shows these orders.
 * @throws when one does not in time, with which one it is
 */
export async function untilAllShow(
  watchers: Watchers,
  orders: readonly OrderVersion[],
  mostMilliseconds: number,
): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const stale = findStale(watchers, orders)
    const milliseconds = Math.round(performance.now() - startedAt)
    if (stale === null) return milliseconds
    if (milliseconds > mostMilliseconds) throw new Error(`${stale} after ${milliseconds} ms`)
    await wait(pollMilliseconds)
  }
}
