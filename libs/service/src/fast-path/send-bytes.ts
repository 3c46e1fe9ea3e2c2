import type { FastifyReply } from 'fastify'
import { timingOf } from '../timing/timing-of.ts'
import { joinVary } from './response-head.ts'

/**
 * Sends bytes that are ready, and compressed where that was wanted, in place of `reply.send`: serialisation and `onSend` hooks would only
 * compress them again. They go out in one `writeHead` with `headers`, a flat list of names in lower case and values, with the headers
 * that hooks have set on the reply, and with those that the platform's own `onSend` hooks would have set. A `vary` of both is joined, and
 * a client that is still sending a body can read the answer. The request is logged and measured like any other.
 */
export function sendBytes(
  reply: FastifyReply,
  status: number,
  headers: readonly string[],
  body?: Buffer,
): void {
  const { raw, request } = reply.hijack()
  request.server.leaveUnread(request, reply)
  const all = [...headers]
  const given = reply.getHeaders()
  for (const name in given) all.push(name, String(given[name]))
  const { total, parts } = timingOf(reply)
  all.push('server-timing', parts, 'x-perf-time-ms', total)
  if (request.server.draining && given.connection === undefined) all.push('connection', 'close')
  raw.writeHead(status, joinVary(all))
  raw.end(body)
}
