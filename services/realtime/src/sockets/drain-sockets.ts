import { setTimeout as wait } from 'node:timers/promises'
import { catalogNamespace, ordersNamespace } from '@comanda/events'
import { type Sockets, sendAway } from './sockets.ts'

const batches = 20
const namespaces = [ordersNamespace, catalogNamespace]

/**
 * Sends every socket away, in random order and in batches spread over some milliseconds, so that the clients of one gateway
 * do not all come to the others in the same moment. New connections are refused meanwhile.
 */
export async function drainSockets(sockets: Sockets, milliseconds: number): Promise<void> {
  const left = shuffle(namespaces.flatMap((name) => [...sockets.of(name).sockets.values()]))
  const size = Math.ceil(left.length / batches)
  for (let at = 0; at < left.length; at += size) {
    for (const socket of left.slice(at, at + size)) sendAway(socket, 'draining')
    if (at + size < left.length) await wait((milliseconds / batches) * (0.5 + Math.random()))
  }
  // Those that are in no namespace, and those that came meanwhile.
  sockets.disconnectSockets(true)
  sockets.engine.close()
}

/** Fisher and Yates. */
function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[items[last], items[other]] = [items[other] as T, items[last] as T]
  }
  return items
}
