import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type Authenticate, tokenOf } from '../access/authentication.plugin.ts'
import type { LimitName } from '../limits/policies.ts'
import type { Logger } from '../logging/logger.ts'
import type { SlowThresholds } from '../logging/request-log.plugin.ts'
import { abortedStatus } from '../logging/request-message.ts'
import { unknownRoute } from '../metrics/http-metrics.plugin.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createClientAddress } from '../security/client-address.ts'
import { requestIdOf } from '../security/request-identity.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { FastPathAnswer, FastPathUrl } from './fast-path-answer.ts'
import { flatText } from './flat-text.ts'
import { type PreparedLine, requestLine } from './request-line.ts'
import { type RequestTally, requestTallies } from './request-tallies.ts'
import {
  connectionHead,
  endWithHead,
  type HeadText,
  headText,
  joinVary,
  statusLine,
} from './response-head.ts'

export interface SendOptions {
  trustProxy: string
  authenticate: Authenticate | undefined
  log: Logger
  metrics: Metrics
  slow: SlowThresholds
  tracing: Tracing | undefined
}

/** What was measured of a request before its answer is sent. */
export interface RequestStart {
  /** When its head was read, on the clock of `performance.now`. */
  since: number
  /** Milliseconds that were spent on Redis. */
  waited: number
  /** The heap in use when it came, in bytes. */
  heapAtStart: number
}

/** What is made once per URL, of that which all its answers have in common. */
interface PreparedUrl {
  head: HeadText
  line: PreparedLine
  tallyWhole: RequestTally
  tallyUnchanged: RequestTally
}

/** Sends answers in place of Fastify's hooks, with what those would have set, counted and logged. */
export function createSend(app: FastifyInstance, options: SendOptions) {
  const { authenticate, tracing } = options
  const addressOf = createClientAddress(options.trustProxy)
  const tallyOf = requestTallies(options.metrics)
  const log = requestLine(options.log, options.slow, app.heapUsed.now)
  const constant = Object.entries(app.constantHeaders).flat()
  const urls = new WeakMap<FastPathUrl, PreparedUrl>()
  const heads = new WeakMap<readonly string[], HeadText>()
  const connection = connectionHead(app.server.keepAliveTimeout)

  /** False, with nothing sent, when it takes Fastify to answer: over the limit, or who calls is not known at once. */
  function send(
    request: IncomingMessage,
    response: ServerResponse,
    { target, status, head, body, counts }: FastPathAnswer,
    { since, waited, heapAtStart }: RequestStart,
  ): boolean {
    const user = userOf(request)
    if (user === undefined) return false
    const address = addressOf(request)
    const limited = target.limit === 'none' ? '' : takeLimit(target.limit, address)
    if (limited === undefined) return false

    const { head: common, line, tallyWhole, tallyUnchanged } = preparedFor(target)
    const start = counts === undefined ? headOf(status, head, common) : keptHeadOf(status, head, common)
    const id = requestIdOf(request)
    const total = tenths(performance.now() - since)
    const own = `x-request-id: ${id}\r\nx-perf-time-ms: ${total}\r\nserver-timing: total;dur=${total}, db;dur=0.0, cache;dur=${tenths(waited)}\r\n`
    endWithHead(response, status, start + limited + own + connection(), body)
    if (counts !== undefined) counts.memoryHits++

    // The line in the log has the trace, so the span comes first.
    if (tracing !== undefined) {
      tracing.startRequest(request, since)
      tracing.endRequest(request, { method: 'GET', route: target.route, status })
    }
    const durationMs = performance.now() - since
    const tally = status === 200 ? tallyWhole : tallyUnchanged
    tally(durationMs / 1000)
    const { headers } = request
    log.write(line, { id, headers, user, address, status, durationMs, waited, heapAtStart })
    return true
  }

  /** Records a request whose client went away during the lookup: Fastify, which comes too late, would not notice. */
  function abandon(request: IncomingMessage, { waited, heapAtStart }: RequestStart): void {
    const { url = '', headers } = request
    const durationMs = waited
    tallyOf({ method: 'GET', route: unknownRoute, status_code: abortedStatus })(durationMs / 1000)
    const line = log.prepare({ method: 'GET', url, route: null })
    const [id, address] = [requestIdOf(request), addressOf(request)]
    const user = null
    log.write(line, { id, headers, user, address, status: abortedStatus, durationMs, waited, heapAtStart })
  }

  return { send, abandon }

  function preparedFor(target: FastPathUrl): PreparedUrl {
    let prepared = urls.get(target)
    if (prepared === undefined) {
      const head = headText(joinVary([...target.headers, ...constant]))
      const tally = (status_code: number) => tallyOf({ method: 'GET', route: target.route, status_code })
      const line = log.prepare({ method: 'GET', ...target })
      prepared = { head, line, tallyWhole: tally(200), tallyUnchanged: tally(304) }
      urls.set(target, prepared)
    }
    return prepared
  }

  /** The start of an answer, up to the headers of one request. */
  function headOf(status: number, head: readonly string[], common: HeadText): HeadText {
    return statusLine(status) + headText(head) + common
  }

  function keptHeadOf(status: number, head: readonly string[], common: HeadText): HeadText {
    let text = heads.get(head)
    if (text === undefined) heads.set(head, (text = flatText(headOf(status, head, common))))
    return text
  }

  function takeLimit(limit: LimitName, address: string): HeadText | undefined {
    return app.takeLimitNow === undefined ? '' : app.takeLimitNow(limit, address)
  }

  /** Null: a stranger. Undefined: it takes a while to know, or the token is no good. */
  function userOf(request: IncomingMessage): string | null | undefined {
    const token = tokenOf(request)
    if (authenticate === undefined || token === undefined) return null
    try {
      const caller = authenticate(token)
      if (!(caller instanceof Promise)) return caller.userId
      // Fastify's hooks ask again, and wait.
      caller.catch(() => undefined)
      return undefined
    } catch {
      return undefined
    }
  }
}

const tenths = (milliseconds: number) => (milliseconds < 0.05 ? '0.0' : milliseconds.toFixed(1))
