import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from 'ioredis'

const longestRetryMilliseconds = 1000

/**
 * Subscribes to a sharded channel, and tries again until Redis accepts or the signal aborts. From then on the client renews
 * the subscription by itself. Never rejects.
 */
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
