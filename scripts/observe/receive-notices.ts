import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** What Alertmanager tells a receiver by one of its ways. */
export interface Notice {
  receiver: string
  /** slack, email or pagerduty. */
  way: string
  alerts: {
    status: 'firing' | 'resolved'
    labels: Record<string, string>
    annotations: Record<string, string>
  }[]
}

/** Listens as the webhook of `alertmanagerForWebhook`. */
export async function receiveNotices(
  onNotice: (notice: Notice) => void,
): Promise<{ url: string; close: () => void }> {
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, receiver = '', way = ''] = (request.url ?? '').split('/')
    const { alerts } = (await json(request)) as Pick<Notice, 'alerts'>
    response.end()
    onNotice({ receiver, way, alerts })
  }
  const server = createServer((request, response) => void receive(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
