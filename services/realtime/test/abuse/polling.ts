import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { ordersNamespace } from '@comanda/events'

/** Opens a connection that polls, in the namespace of orders. Each poll has a TCP connection of its own. */
export async function openPolling({ url }: { url: string }, token: string) {
  const endpoint = `${url}/socket.io/?EIO=4&transport=polling`
  const { sid } = JSON.parse((await (await fetch(endpoint)).text()).slice(1)) as { sid: string }
  const connection = `${endpoint}&sid=${sid}`
  /** Resolves to whether the packets were taken, which they are until the gateway ends the connection. */
  async function send(packets: readonly string[]): Promise<boolean> {
    // Packets are separated as in version 4 of the protocol.
    const body = packets.join('\u001e')
    const response = await fetch(connection, { method: 'POST', headers: { connection: 'close' }, body })
    return (await response.text()) === 'ok'
  }
  /** Resolves to the answer of a poll, of which nothing but the head has been read. */
  async function poll(): Promise<IncomingMessage> {
    const request = get(connection, { agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    // An answer that is cut off is what the tests look at; it is no failure.
    for (const half of [request, response]) half.on('error', () => {})
    return response
  }
  await send([`40${ordersNamespace},${JSON.stringify({ token })}`])
  const entered = await text(await poll())
  if (!entered.startsWith(`40${ordersNamespace}`)) throw new Error(`not admitted: ${entered}`)
  return { send, poll }
}

/** Reads the rest of an answer. Resolves to whether all of it came. */
export async function readToEnd(response: IncomingMessage): Promise<boolean> {
  response.resume()
  await finished(response).catch(() => {})
  return response.complete
}
