import { setTimeout as wait } from 'node:timers/promises'
import type { OrderVersion } from './orders-in-database.ts'

export interface StalenessOptions {
  readOrders: () => Promise<OrderVersion[]>
  /** A screen on which one of these orders is older than here, as a sentence; null when there is none. */
  findStale: (orders: readonly OrderVersion[]) => string | null
  /** After this time without every screen right the watch gives up. */
  mostMilliseconds: number
}

export interface Staleness {
  /** The longest time from a look into the database until every screen showed what it had, in words. Begins anew. */
  takeWorst: () => string
  /** Resolves when every screen shows what the database has now. @throws when they do not in time, here or earlier */
  settle: () => Promise<void>
  stop: () => Promise<void>
}

const everyMilliseconds = 250
const checkMilliseconds = 20

/** Looks into the database all the time, and at how long the screens take to show what it saw. */
export function watchStaleness(options: StalenessOptions): Staleness {
  let worst = { milliseconds: 0, stale: '' }
  let stopped = false
  let failure: Error | undefined

  async function look(): Promise<void> {
    // A database that is away has nothing newer to show.
    const orders = await options.readOrders().catch(() => [])
    const at = performance.now()
    let last = ''
    for (;;) {
      const stale = options.findStale(orders)
      const milliseconds = Math.round(performance.now() - at)
      if (milliseconds > worst.milliseconds) worst = { milliseconds, stale: stale ?? last }
      if (!stale) return
      if (milliseconds > options.mostMilliseconds) throw new Error(`${stale}, ${milliseconds} ms later`)
      last = stale
      await wait(checkMilliseconds)
    }
  }

  async function watch(): Promise<void> {
    try {
      while (!stopped) {
        await look()
        await wait(everyMilliseconds)
      }
    } catch (error) {
      failure = error as Error
    }
  }

  const watching = watch()
  return {
    takeWorst() {
      const { milliseconds, stale } = worst
      worst = { milliseconds: 0, stale: '' }
      return `${milliseconds} ms${stale && ` (last: ${stale})`}`
    },
    async settle() {
      if (!failure) await look()
      if (failure) throw failure
    },
    async stop() {
      stopped = true
      await watching
      if (failure) throw failure
    },
  }
}
