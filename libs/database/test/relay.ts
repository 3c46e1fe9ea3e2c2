import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A port of our own that leads to another one, as the name of a service does in Kubernetes. */
export interface Relay {
  port: number
  /** Leads new connections to another port; those that exist stay where they are. */
  pointTo: (port: number) => void
  /** Leaves existing connections and new ones without answers, and does not close them. */
  freeze: () => void
}

export async function startRelay(t: Test, port: number): Promise<Relay> {
  let target = port
  let frozen = false
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    track(near)
    if (frozen) return near.pause()
    const far = track(connect(target, '127.0.0.1'))
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => {})
    return socket.on('close', () => sockets.delete(socket))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    port: (server.address() as AddressInfo).port,
    pointTo(next) {
      target = next
      frozen = false
    },
    freeze() {
      frozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
