import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'

/** What becomes of a request: it is forwarded, its answer is lost on the way back, or a proxy refuses it. */
export type Fate = 'forwarded' | 'lost' | { status: number; headers: Record<string, string> }

/** A network between a client and a service, which ends with the test. */
export interface Network {
  url: string
  /** Every request so far, as in `POST /v1/orders`. */
  requests: string[]
  leadTo: (url: string) => void
  /** The fates of the next requests with this method and path; those after them are forwarded. */
  next: (request: string, ...fates: Fate[]) => void
}

export async function startNetwork(t: Test, url: string): Promise<Network> {
  let target = url
  const requests: string[] = []
  const fates = new Map<string, Fate[]>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method} ${request.url?.split('?')[0]}`
    requests.push(name)
    const fate = fates.get(name)?.shift() ?? 'forwarded'
    if (typeof fate === 'object') {
      response.writeHead(fate.status, fate.headers).end()
      return
    }
    const { status, headers, body } = await forward(target, request)
    if (fate === 'lost') {
      request.socket.destroy()
      return
    }
    for (const name of ['content-type', 'retry-after', 'x-request-id']) {
      const value = headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.writeHead(status).end(body)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    leadTo(url) {
      target = url
    },
    next: (request, ...more) => fates.set(request, more),
  }
}

const sent = ['authorization', 'content-type', 'idempotency-key']

async function forward(target: string, request: IncomingMessage) {
  const { method = 'GET', url = '', headers } = request
  const body = await buffer(request)
  const response = await fetch(target + url, {
    method,
    headers: sent.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
    ...(body.length > 0 && { body }),
  })
  return { status: response.status, headers: response.headers, body: await response.bytes() }
}
