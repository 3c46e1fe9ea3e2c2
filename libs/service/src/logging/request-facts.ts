import type { IncomingHttpHeaders } from 'node:http'
import { pathOf } from './path-of.ts'
import { traceIdOf } from './trace-id.ts'

export interface LoggedRequest {
  id: string
  headers: IncomingHttpHeaders
  method: string | undefined
  url: string
  /** The pattern of its route; null when none matched. */
  route: string | null
  /** The user whose token the request came with; null without one. */
  user: string | null
  address: string
}

/** All that is logged of a request: never its query, headers or body. */
export function requestFacts({ id, headers, method, url, route, user, address }: LoggedRequest) {
  return {
    requestId: id,
    traceId: traceIdOf(headers.traceparent),
    method,
    route,
    path: pathOf(url),
    user,
    address,
  }
}
