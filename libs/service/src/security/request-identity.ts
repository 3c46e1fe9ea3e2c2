import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The form of an id that is taken from a caller: safe in a log, a header and a URL. */
const sane = /^[\w.:-]{8,64}$/

/** The caller's `x-request-id` when it is sane, so that a request can be followed through several services; else a new UUID. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && sane.test(given) ? given : randomUUID()
}
