import type { Cluster } from 'ioredis'
import { probeMessage, wakeChannel, wakeMessage } from './channel.ts'

export interface EventWake {
  /**
   * Wakes the consumers of the log. To be called after the commit of what may have appended an event. It is cheap, never
   * throws and waits for nothing. A lost wake only costs time, because consumers poll too, if more rarely.
   */
  wake: () => void
  /** Publishes a message that shows every worker that wakes come through, and wakes none. */
  probe: () => void
}

/** Calls within this time are one message: a worker does not poll more often anyway. */
const leastMilliseconds = 5

/**
 * Publishes wakes through `redis`, which remains the caller's to close.
 * @param prefix `redisPrefix` of the fleet: its workers are woken, and no others
 */
export function createEventWake(redis: Pick<Cluster, 'spublish'>, prefix: string): EventWake {
  const channel = wakeChannel(prefix)
  let sentAt = Number.NEGATIVE_INFINITY
  let waiting = false

  function publish(message: string): void {
    // The client itself logs that Redis cannot be reached.
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
