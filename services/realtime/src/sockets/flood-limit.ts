import type { Connection } from './sockets.ts'
import { visitOf } from './visit.ts'

/** A second's worth of messages, times this, may come at once: a screen that subscribes to all it shows. */
const burstSeconds = 5

/**
 * A token bucket for the messages of each connection, whatever namespace they are for, with or without one. `onFlood` is
 * called once for a connection, at the first message too many.
 */
export function createFloodLimit(
  perSecond: number,
  onFlood: (connection: Connection) => void,
): (connection: Connection) => void {
  const most = perSecond * burstSeconds
  function take(this: Connection, { type }: { type: string }): void {
    if (type !== 'message') return
    const visit = visitOf(this)
    const now = performance.now()
    visit.messagesLeft = Math.min(most, visit.messagesLeft + ((now - visit.countedAt) / 1000) * perSecond) - 1
    visit.countedAt = now
    if (visit.messagesLeft >= 0) return
    this.off('packet', take)
    onFlood(this)
  }
  return (connection) => {
    const visit = visitOf(connection)
    visit.messagesLeft = most
    visit.countedAt = performance.now()
    connection.on('packet', take)
  }
}
