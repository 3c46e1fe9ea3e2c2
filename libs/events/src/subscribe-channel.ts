import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from 'ioredis'

const longestRetryMilliseconds = 1000

/** Listens to a sharded channel, tried until Redis takes it or the signal aborts. After that the client keeps it up. */
export async function subscribeChannel(to: Cluster, channel: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await to.ssubscribe(channel)
      return
    } catch {
      const pause = Math.min(longestRetryMilliseconds, 50 * attempt)
      await wait(pause, undefined, { ref: false, signal }).catch(() => {})
    }
  }
}
