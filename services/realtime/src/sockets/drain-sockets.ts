import { setTimeout as wait } from 'node:timers/promises'
import { catalogueNamespace, dashboardNamespace, ordersNamespace } from '@comanda/events'
import { type Sockets, sendAway } from './sockets.ts'

const batches = 20
const namespaces = [ordersNamespace, catalogueNamespace, dashboardNamespace]

/**
 * Disconnects every socket within `milliseconds`, in random order and in batches, each at a random moment of its share of the time,
 * so that the clients of one gateway do not all connect to the others at once. New connections are refused meanwhile.
 */
export async function drainSockets(sockets: Sockets, milliseconds: number): Promise<void> {
  const left = shuffle(namespaces.flatMap((name) => [...sockets.of(name).sockets.values()]))
  const size = Math.ceil(left.length / batches)
  const startedAt = performance.now()
  for (let batch = 0; batch * size < left.length; batch += 1) {
    const dueAt = startedAt + ((batch + Math.random()) / batches) * milliseconds
    await wait(Math.max(0, dueAt - performance.now()))
    for (const socket of left.slice(batch * size, (batch + 1) * size)) sendAway(socket, 'draining')
  }
  // This ends the connections that are in no namespace and those that came meanwhile.
  sockets.disconnectSockets(true)
  sockets.engine.close()
}

/** Shuffles in place, by Fisher and Yates. */
function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[items[last], items[other]] = [items[other] as T, items[last] as T]
  }
  return items
}
