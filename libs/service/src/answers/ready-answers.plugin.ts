import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Authenticate, tokenOf } from '../access/authentication.plugin.ts'
import type { LimitName } from '../limits/policies.ts'
import { flatText } from '../logging/flat-text.ts'
import type { Logger } from '../logging/logger.ts'
import { type PreparedLine, requestLine, type SlowThresholds } from '../logging/request-line.ts'
import { abortedStatus } from '../logging/request-message.ts'
import { unknownRoute } from '../metrics/http-metrics.plugin.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type RequestTally, requestTallies } from '../metrics/request-tallies.ts'
import { createClientAddress } from '../security/client-address.ts'
import { requestIdOf } from '../security/request-identity.ts'
import { securityHeaders } from '../security/security-headers.ts'
import { connectionHead, endWithHead, type HeadText, headText, statusLine } from './ready-head.ts'

/** What all requests for a URL have in common. */
export interface ReadyPlace {
  readonly url: string
  /** The pattern of the route. */
  readonly route: string
  /** Of the route. */
  readonly limit: LimitName | 'none'
  /** Of all answers: names and values, a flat list. */
  readonly headers: readonly string[]
}

/** The answer of a public GET route that is at hand, byte for byte. */
export interface ReadyAnswer {
  /** The same object for the same URL: what is made of it is kept with it. */
  place: ReadyPlace
  status: 200 | 304
  /** What belongs to this answer besides the headers of its place, likewise; the same one for the same answer. */
  head: readonly string[]
  body?: Buffer
  /** Where it is counted once it is sent; undefined: it has been. */
  counts?: { memoryHits: number }
}

/**
 * Undefined for whatever is not at hand: the request then goes its usual way. Called for every GET; it must not throw. A promise,
 * for what is one look into a cache away, must not reject.
 */
export type FindReadyAnswer = (
  request: IncomingMessage,
) => ReadyAnswer | undefined | Promise<ReadyAnswer | undefined>

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers are looked for here first, before a request is made of what the socket brought. */
    findReadyAnswer: FindReadyAnswer | undefined
  }
}

interface PreparedPlace {
  head: HeadText
  line: PreparedLine
  tallyWhole: RequestTally
  tallyUnchanged: RequestTally
}

export interface ReadyAnswersOptions {
  trustProxy: string
  /** Whether answers depend on the origin of a page. */
  cors: boolean
  authenticate: Authenticate | undefined
  log: Logger
  metrics: Metrics
  slow: SlowThresholds
}

/**
 * The short way of an answer that is ready (the cache's): limited, logged, measured and with the headers of any other, but without a
 * request object, hooks or routing, which take longer than all of that. Whatever is unusual about a request sends it the usual way,
 * where it gets the same answer. Overload does not shed it: to refuse costs as much.
 */
async function readyAnswers(app: FastifyInstance, options: ReadyAnswersOptions) {
  const { cors, authenticate } = options
  const addressOf = createClientAddress(options.trustProxy)
  const tallyOf = requestTallies(options.metrics)
  const log = requestLine(options.log, options.slow)
  const always = [...Object.entries(securityHeaders).flat(), ...(cors ? ['vary', 'Origin'] : [])]
  const places = new WeakMap<ReadyPlace, PreparedPlace>()
  const heads = new WeakMap<readonly string[], HeadText>()
  const connection = connectionHead(app.server.keepAliveTimeout)
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
    const since = performance.now()
    const ready = mayGoShort(request, response) ? app.findReadyAnswer?.(request) : undefined
    if (ready instanceof Promise) void ready.then(finish)
    else finish(ready)

    function finish(found: ReadyAnswer | undefined) {
      const waited = ready instanceof Promise ? performance.now() - since : 0
      if (response.destroyed) return abandon(request, waited)
      if (found === undefined || !answer(request, response, found, { since, waited }))
        usual?.call(app.server, request, response)
    }
  })

  function mayGoShort({ method, httpVersion, headers }: IncomingMessage, response: ServerResponse): boolean {
    if (method !== 'GET' || httpVersion !== '1.1' || !response.shouldKeepAlive || closing || app.draining)
      return false
    return headers['content-encoding'] === undefined && (!cors || headers.origin === undefined)
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { place, status, head, body, counts }: ReadyAnswer,
    { since, waited }: { since: number; waited: number },
  ): boolean {
    const user = userOf(request)
    if (user === undefined) return false
    const address = addressOf(request)
    const limited = place.limit === 'none' ? '' : limitOf(place.limit, address)
    if (limited === undefined) return false

    const { head: common, line, tallyWhole, tallyUnchanged } = preparedFor(place)
    const start = counts === undefined ? headOf(status, head, common) : keptHeadOf(status, head, common)
    const id = requestIdOf(request)
    const total = tenths(performance.now() - since)
    const own = `x-request-id: ${id}\r\nx-perf-time-ms: ${total}\r\nserver-timing: total;dur=${total}, db;dur=0.0, cache;dur=${tenths(waited)}\r\n`
    endWithHead(response, status, start + limited + own + connection(), body)
    if (counts !== undefined) counts.memoryHits++

    const durationMs = performance.now() - since
    const tally = status === 200 ? tallyWhole : tallyUnchanged
    tally(durationMs / 1000)
    log.write(line, { id, headers: request.headers, user, address, status, durationMs })
    return true
  }

  /** Its client went away while it was looked for; Fastify, which comes too late, would not notice. */
  function abandon(request: IncomingMessage, durationMs: number) {
    const { url = '', headers } = request
    tallyOf({ method: 'GET', route: unknownRoute, status_code: abortedStatus })(durationMs / 1000)
    const line = log.prepare({ method: 'GET', url, route: null })
    const [id, address] = [requestIdOf(request), addressOf(request)]
    log.write(line, { id, headers, user: null, address, status: abortedStatus, durationMs })
  }

  function preparedFor(place: ReadyPlace) {
    let prepared = places.get(place)
    if (prepared === undefined) {
      const head = headText([...place.headers, ...always])
      const tally = (status_code: number) => tallyOf({ method: 'GET', route: place.route, status_code })
      const line = log.prepare({ method: 'GET', ...place })
      prepared = { head, line, tallyWhole: tally(200), tallyUnchanged: tally(304) }
      places.set(place, prepared)
    }
    return prepared
  }

  /** The start of an answer, up to what is of one request. */
  function headOf(status: number, head: readonly string[], common: HeadText): HeadText {
    return statusLine(status) + headText(head) + common
  }

  function keptHeadOf(status: number, head: readonly string[], common: HeadText): HeadText {
    let text = heads.get(head)
    if (text === undefined) heads.set(head, (text = flatText(headOf(status, head, common))))
    return text
  }

  function limitOf(limit: LimitName, address: string): HeadText | undefined {
    return app.takeLimitNow === undefined ? '' : app.takeLimitNow(limit, address)
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

const tenths = (milliseconds: number) => (milliseconds < 0.05 ? '0.0' : milliseconds.toFixed(1))

export const readyAnswersPlugin = fp(readyAnswers, { fastify: '5.x', name: 'comanda-ready-answers' })
