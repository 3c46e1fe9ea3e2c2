import type { FastifyReply } from 'fastify'
import { timingOf } from '../timing/timing-of.ts'

/**
 * Answers at once with bytes that are ready, past serialisation and `onSend` hooks, in one `writeHead`: with `headers`, a flat list of
 * names in lower case and values, with the headers that were set on the reply, and with those that the platform's own `onSend`
 * hooks would have set. A `vary` of both is joined. The request is logged and measured like any other.
 */
export function answerRaw(reply: FastifyReply, status: number, headers: string[], body?: Buffer): void {
  const { raw, request } = reply.hijack()
  const given = reply.getHeaders()
  for (const name in given) {
    const value = String(given[name])
    const vary = name === 'vary' ? headers.indexOf('vary') : -1
    if (vary === -1) headers.push(name, value)
    else headers[vary + 1] += `, ${value}`
  }
  const { total, parts } = timingOf(reply)
  headers.push('server-timing', parts, 'x-perf-time-ms', total)
  if (request.server.draining) headers.push('connection', 'close')
  raw.writeHead(status, headers)
  raw.end(body)
}
