import type { Cluster } from 'ioredis'
import { subscribeChannel } from '../subscribe-channel.ts'
import { wakeChannel, wakeMessage } from './channel.ts'

export interface WakeListener {
  /** Somebody appended an event. */
  onWake: () => void
  /** Anything came, a probe too: the way is open. */
  onHeard: () => void
}

/** Listens until stopped, also after Redis was away. `subscriber` with `shardedSubscribers`; it remains the caller's to close. */
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
