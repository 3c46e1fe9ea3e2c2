import type { Cluster } from 'ioredis'
import { subscribeChannel } from '../subscribe-channel.ts'
import { wakeChannel, wakeMessage } from './channel.ts'

export interface WakeListener {
  /** Called when an event was appended. */
  onWake: () => void
  /** Called for any message, a probe too: wakes come through. */
  onHeard: () => void
}

/**
 * Listens until stopped, also after Redis could not be reached.
 * @param subscriber a client with `shardedSubscribers`, which remains the caller's to close
 * @param prefix `redisPrefix` of the fleet
 */
export function listenForWakes(
  subscriber: Cluster,
  prefix: string,
  { onWake, onHeard }: WakeListener,
): { stop: () => void } {
  const stopping = new AbortController()
  const ours = wakeChannel(prefix)
  function hear(channel: string, message: string): void {
    if (channel !== ours) return
    onHeard()
    if (message === wakeMessage) onWake()
  }
  subscriber.on('smessage', hear)
  void subscribeChannel(subscriber, ours, stopping.signal)
  return {
    stop() {
      stopping.abort()
      subscriber.off('smessage', hear)
    },
  }
}
