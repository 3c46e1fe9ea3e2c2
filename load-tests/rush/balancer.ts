import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What stands in front of the gateways: passes each connection to the next of them that takes it. */
export interface Balancer {
  url: string
  /** Ports of this machine, from now on. Connections that are open stay where they are. */
  use: (ports: readonly number[]) => void
  close: () => Promise<void>
}

export async function startBalancer(): Promise<Balancer> {
  let ports: readonly number[] = []
  let next = 0
  const open = new Set<Socket>()

  function pass(client: Socket, untried: readonly number[]): void {
    const [port, ...others] = untried
    if (port === undefined) return void client.destroy()
    const server = connect({ port, host: '127.0.0.1', noDelay: true })
    server.once('error', () => {
      server.destroy()
      if (server.bytesWritten === 0 && !client.destroyed) pass(client, others)
      else client.destroy()
    })
    server.once('connect', () => {
      client.pipe(server)
      server.pipe(client)
    })
    server.once('close', () => server.bytesWritten > 0 && client.destroy())
    client.once('close', () => server.destroy())
  }

  const listener = createServer({ noDelay: true }, (client) => {
    open.add(client)
    client.once('close', () => open.delete(client))
    client.on('error', () => client.destroy())
    next = (next + 1) % Math.max(1, ports.length)
    pass(client, [...ports.slice(next), ...ports.slice(0, next)])
  })
  listener.listen(0, '127.0.0.1', 4096)
  await once(listener, 'listening')
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    use: (next) => {
      ports = next
    },
    async close() {
      for (const client of open) client.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
