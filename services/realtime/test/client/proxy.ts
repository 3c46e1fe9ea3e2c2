import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A network between a client and gateways, to be broken at will. */
export interface Proxy {
  url: string
  /** New connections go to this gateway; to none, and are ended at once, with null. */
  leadTo: (url: string | null) => void
  /** Ends the connections that there are. */
  cut: () => void
  /** How many connections there were so far. */
  connections: () => number
}

/** A TCP proxy that ends with the test. */
export async function startProxy(t: Test, url: string): Promise<Proxy> {
  let target: string | null = url
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    connections += 1
    if (target === null) return near.destroy()
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => sockets.forEach((socket) => socket.destroy())
  t.teardown(() => {
    cut()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url) => {
      target = url
    },
    cut,
    connections: () => connections,
  }
}
