import type { IncomingMessage } from 'node:http'
import type { LimitName } from '../limits/policies.ts'

/** What all requests for a URL have in common. */
export interface FastPathUrl {
  readonly url: string
  /** The pattern of the route. */
  readonly route: string
  /** The rate limit of the route. */
  readonly limit: LimitName | 'none'
  /** The headers of every answer: names in lower case and values, a flat list. */
  readonly headers: readonly string[]
}

/** The answer of a public GET route that is at hand, byte for byte. */
export interface FastPathAnswer {
  /** The URL that is answered, always as the same object, because what is prepared for it is kept with that object. */
  target: FastPathUrl
  status: 200 | 304
  /** The headers of this answer besides those of its URL, a flat list; the same list for the same answer. */
  head: readonly string[]
  body?: Buffer
  /** The counter that is raised once the answer is sent; undefined when the hit has been counted already. */
  counts?: { memoryHits: number }
}

/**
 * Finds the answer to a request. Undefined for whatever is not at hand: Fastify then handles the request. It is called for every GET and
 * must not throw. A promise, for an answer that is one read of Redis away, must not reject.
 */
export type FastPathLookup = (
  request: IncomingMessage,
) => FastPathAnswer | undefined | Promise<FastPathAnswer | undefined>

declare module 'fastify' {
  interface FastifyInstance {
    /** Set by whoever keeps answers, and called before Fastify makes a request of what the socket brought. */
    fastPathLookup: FastPathLookup | undefined
  }
}
