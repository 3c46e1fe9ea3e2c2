import type { Connection } from './sockets.ts'

/** A second's worth of messages, times this, may come at once: a screen that subscribes to all it shows. */
const burstSeconds = 5

/**
 * A token bucket for the messages of one connection, whatever namespace they are for, with or without one. `onFlood` is
 * called once, at the first message too many.
 */
export function limitMessages(connection: Connection, perSecond: number, onFlood: () => void): void {
  const most = perSecond * burstSeconds
  let left = most
  let at = performance.now()
  function take({ type }: { type: string }): void {
    if (type !== 'message') return
    const now = performance.now()
    left = Math.min(most, left + ((now - at) / 1000) * perSecond) - 1
    at = now
    if (left >= 0) return
    connection.off('packet', take)
    onFlood()
  }
  connection.on('packet', take)
}
