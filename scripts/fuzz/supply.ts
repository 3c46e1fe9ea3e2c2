import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FuzzedFleet, FuzzedService } from './fleet.ts'
import { type FuzzRole, openScene, type Scene } from './scene.ts'

/** What `hooks.py` asks for while it fuzzes. */
export interface Supply {
  /** Each run has its own, so that none moves another to a new scene. */
  urls: Record<FuzzedService, string>
  close: () => Promise<void>
}

/**
 * Serves tokens and valid calls over HTTP on the loopback. `GET /orders/scene?role=staff` replaces the scene of a role for the run
 * that fuzzes orders, and answers its token and ids; `GET /orders/example?role=staff&operation=placeOrder` makes a call in it.
 */
export async function startSupply(
  fleet: FuzzedFleet,
  account: { password: string; passwordHash: string },
): Promise<Supply> {
  const scenes = new Map<string, Scene>()
  async function answer({ pathname, searchParams }: URL): Promise<unknown> {
    const role = searchParams.get('role') as FuzzRole
    const [, service, what] = pathname.split('/')
    const key = `${service} ${role}`
    if (what === 'example') return scenes.get(key)?.example(searchParams.get('operation') ?? '')
    const scene = await openScene(fleet, role, account)
    scenes.set(key, scene)
    return { token: scene.token, ids: scene.ids }
  }
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://supply')).then(
      (value) => response.end(JSON.stringify(value ?? null)),
      // The fuzzer may have closed the cafeteria, or taken away what the example stands on.
      (error: unknown) => response.writeHead(409).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    urls: { orders: `${url}/orders`, analytics: `${url}/analytics` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
