import { stateOf } from './connection-state.ts'
import type { Connection } from './sockets.ts'

/** So many seconds' worth of packets may come at once, because a screen subscribes to all it shows when it opens. */
const burstSeconds = 5

/**
 * Keeps a token bucket for the packets of each connection, over all its namespaces, heartbeats included. `onFlood` is called once per
 * connection, at the first packet too many.
 */
export function createFloodLimit(
  perSecond: number,
  onFlood: (connection: Connection) => void,
): (connection: Connection) => void {
  const most = perSecond * burstSeconds
  function take(this: Connection): void {
    const state = stateOf(this)
    const now = performance.now()
    state.messagesLeft = Math.min(most, state.messagesLeft + ((now - state.countedAt) / 1000) * perSecond) - 1
    state.countedAt = now
    if (state.messagesLeft >= 0) return
    this.off('packet', take)
    onFlood(this)
  }
  return (connection) => {
    const state = stateOf(connection)
    state.messagesLeft = most
    state.countedAt = performance.now()
    connection.on('packet', take)
  }
}
