import type { Cluster } from 'ioredis'
import { probeMessage, wakeChannel, wakeMessage } from './channel.ts'

export interface EventWake {
  /**
   * Wakes the consumers of the log. To be called after the commit of what may have appended an event; cheap, never
   * throws, waits for nothing. Only for speed: consumers also poll, if more rarely.
   */
  wake: () => void
  probe: () => void
}

/** Calls within this time are one message: the worker looks no more often anyway. */
const leastMilliseconds = 5

/** @param prefix `redisPrefix` of the fleet: its workers are woken, and no others */
export function createEventWake(redis: Pick<Cluster, 'spublish'>, prefix: string): EventWake {
  const channel = wakeChannel(prefix)
  let sentAt = Number.NEGATIVE_INFINITY
  let waiting = false

  function publish(message: string): void {
    // Redis being away is logged by its client.
    redis.spublish(channel, message).catch(() => {})
  }
  function send(): void {
    waiting = false
    sentAt = performance.now()
    publish(wakeMessage)
  }

  return {
    wake() {
      if (waiting) return
      const pause = sentAt + leastMilliseconds - performance.now()
      if (pause <= 0) return send()
      waiting = true
      setTimeout(send, pause).unref()
    },
    probe: () => publish(probeMessage),
  }
}
