import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Authenticate, tokenOf } from '../access/authentication.plugin.ts'
import type { LimitName } from '../limits/policies.ts'
import type { Logger } from '../logging/logger.ts'
import { requestLine } from '../logging/request-line.ts'
import { requestMeasure } from '../metrics/http-metrics.plugin.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createClientAddress } from '../security/client-address.ts'
import { requestIdOf } from '../security/request-identity.ts'
import { securityHeaders } from '../security/security-headers.ts'

/** The answer of a public GET route that is at hand, byte for byte. */
export interface ReadyAnswer {
  /** The pattern of the route. */
  route: string
  /** Of the route. */
  limit: LimitName | 'none'
  status: 200 | 304
  /** Names and values, a flat list. */
  head: readonly string[]
  body?: Buffer
  /** Where it is counted once it is sent. */
  counts: { memoryHits: number }
}

/** Undefined for whatever is not at hand: the request then goes its usual way. Called for every GET; it must not wait or throw. */
export type FindReadyAnswer = (request: IncomingMessage) => ReadyAnswer | undefined

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers are looked for here first, before a request is made of what the socket brought. */
    findReadyAnswer: FindReadyAnswer | undefined
  }
}

export interface ReadyAnswersOptions {
  trustProxy: string
  /** Whether answers depend on the origin of a page. */
  cors: boolean
  authenticate: Authenticate | undefined
  log: Logger
  metrics: Metrics
}

/**
 * The short way of an answer that is ready (the cache's): limited, logged, measured and with the headers of any other, but without a
 * request object, hooks or routing, which take longer than all of that. Whatever is unusual about a request sends it the usual way,
 * where it gets the same answer. Overload does not shed it: to refuse costs as much.
 */
async function readyAnswers(app: FastifyInstance, options: ReadyAnswersOptions) {
  const { cors, authenticate } = options
  const addressOf = createClientAddress(options.trustProxy)
  const measure = requestMeasure(options.metrics)
  const logRequest = requestLine(options.log)
  const always = [...Object.entries(securityHeaders).flat(), ...(cors ? ['vary', 'Origin'] : [])]
  const completeHeads = new WeakMap<readonly string[], string[]>()
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.decorate('findReadyAnswer', undefined)

  // Fastify made the server, and listens to it; nothing else does.
  const [usual] = app.server.listeners('request') as RequestListener[]
  if (usual === undefined) throw new Error('the server has no listener to stand in front of')
  app.server.removeListener('request', usual)
  app.server.on('request', (request, response) => {
    if (!answer(request, response)) usual.call(app.server, request, response)
  })

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const start = performance.now()
    const { headers } = request
    if (request.method !== 'GET' || closing || headers['content-encoding'] !== undefined) return false
    if (cors && headers.origin !== undefined) return false
    const ready = app.findReadyAnswer?.(request)
    if (ready === undefined) return false
    const user = userOf(request)
    if (user === undefined) return false
    const address = addressOf(request)
    const limited = ready.limit === 'none' ? [] : limitOf(ready.limit, address)
    if (limited === undefined) return false

    const { route, status, head, body } = ready
    const id = requestIdOf(request)
    const total = (performance.now() - start).toFixed(1)
    const timing = `total;dur=${total}, db;dur=0.0, cache;dur=0.0`
    const all = completed(head).concat(limited)
    all.push('x-request-id', id, 'x-perf-time-ms', total, 'server-timing', timing)
    if (app.draining) all.push('connection', 'close')
    response.writeHead(status, all)
    response.end(body)
    ready.counts.memoryHits++

    const durationMs = performance.now() - start
    measure({ method: 'GET', route, status_code: status }, durationMs / 1000)
    logRequest(
      { id, headers, method: 'GET', url: request.url ?? '', route, user, address },
      status,
      durationMs,
    )
    return true
  }

  /** With the headers that never change. */
  function completed(head: readonly string[]): string[] {
    let complete = completeHeads.get(head)
    if (complete === undefined) completeHeads.set(head, (complete = head.concat(always)))
    return complete
  }

  function limitOf(limit: LimitName, address: string): readonly string[] | undefined {
    return app.takeLimitNow === undefined ? [] : app.takeLimitNow(limit, address)
  }

  /** Null: a stranger. Undefined: it takes a while to know, or the token is no good. */
  function userOf(request: IncomingMessage): string | null | undefined {
    const token = tokenOf(request)
    if (authenticate === undefined || token === undefined) return null
    try {
      const caller = authenticate(token)
      if (!(caller instanceof Promise)) return caller.userId
      // Asked again on the usual way, which waits.
      caller.catch(() => undefined)
      return undefined
    } catch {
      return undefined
    }
  }
}

export const readyAnswersPlugin = fp(readyAnswers, { fastify: '5.x', name: 'comanda-ready-answers' })
