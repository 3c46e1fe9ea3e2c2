import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface WireRequest {
  method?: string
  path: string
  headers?: Readonly<Record<string, string>>
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  statusLine: string
  /** The lines of the head, sorted, with what differs from request to request or from moment to moment replaced by `…`. */
  head: string[]
  /** The body in latin1: one character per byte. */
  body: string
  /** The value of a header, its name in any case; undefined where it is missing. */
  header(name: string): string | undefined
}

/** It asks for nothing, and ends the connection: what comes before its answer belongs to the request before it. */
const lastRequest = 'GET /the-end HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n'
const lastAnswer = 'HTTP/1.1 404 '

/**
 * Sends one request over a connection of its own and reads all that comes back, to the byte: a body that should not be there, or an end of
 * the connection that was not announced, shows. Rejects when the port refuses.
 */
export async function exchange(
  port: number,
  { method = 'GET', path, headers = {} }: WireRequest,
): Promise<WireAnswer> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  // After a request that ends the connection nothing more may come.
  const rest = headers.connection === 'close' ? '' : lastRequest
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: test\r\n${lines.join('')}\r\n${rest}`)
  const text = (await buffer(socket)).toString('latin1')
  const end = text.lastIndexOf(lastAnswer)
  return parse(end > 0 ? text.slice(0, end) : text)
}

function parse(text: string): WireAnswer {
  const headEnd = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  return {
    statusLine,
    head: lines.map(withoutOwn).toSorted(),
    body: text.slice(headEnd + 4),
    header(name) {
      const line = lines.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
      return line?.slice(name.length + 2)
    },
  }
}

const own = /^(date|x-request-id|x-perf-time-ms|ratelimit-remaining|ratelimit-reset): [^\r\n]+$/i

function withoutOwn(line: string): string {
  return line.replace(own, '$1: …').replaceAll(/dur=\d+\.\d(?=,|$)/g, 'dur=…')
}
