import type { Device, OpenSocket } from '../device.ts'
import type { Visitor } from '../world.ts'
import type { Action } from './action.ts'
import { type AnsweredOrder, moveOrder, place } from './order.ts'

/** Longer than any screen may be behind. */
const patienceSeconds = 10
/** How long somebody looks at the screen after the order is ready. */
const lookingSeconds = 20

/**
 * Follows the own orders on a socket, orders, and waits until the socket has shown the order and each of its moves. A gateway may
 * be faster than the answer over REST: that is a delay of nothing.
 */
export const followOrder: Action = async (device, visitor) => {
  const shown = new Map<string, number>()
  const socket = await open(device, visitor, (name, payload) => {
    if (name !== 'order:created' && name !== 'order:updated') return
    const { id, version } = (payload as { order: AnsweredOrder }).order
    shown.set(id, Math.max(shown.get(id) ?? 0, version))
  })
  if (socket === null) return
  try {
    let order = await place(device, visitor, 3)
    if (order === null) return
    await untilShown(device, shown, order)
    for (const move of ['accept', 'start', 'ready'] as const) {
      order = await moveOrder(device, visitor, order.id, move)
      if (order === null) return
      await untilShown(device, shown, order)
    }
    await device.pause(lookingSeconds)
  } finally {
    socket.close()
  }
}

async function open(
  device: Device,
  { token }: Visitor,
  onEvent: (name: string, payload: unknown) => void,
): Promise<OpenSocket | null> {
  try {
    const socket = await device.openSocket({ namespace: '/orders', token, onEvent })
    device.count('sockets_opened')
    return socket
  } catch {
    device.count('sockets_lost')
    return null
  }
}

/** How often it is looked, in seconds; the delay that is recorded is at most so much too long. */
const everySeconds = 0.005

async function untilShown(
  device: Device,
  shown: ReadonlyMap<string, number>,
  { id, version }: AnsweredOrder,
): Promise<void> {
  const since = Date.now()
  while ((shown.get(id) ?? 0) < version) {
    if (Date.now() - since > patienceSeconds * 1000) return device.count('events_missed')
    await device.pause(everySeconds)
  }
  device.recordEventDelay(Date.now() - since)
}
