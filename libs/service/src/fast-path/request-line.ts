import type { IncomingHttpHeaders } from 'node:http'
import { isoTime, type Logger, plainLog, rawOutput } from '../logging/logger.ts'
import { pathOf } from '../logging/path-of.ts'
import { requestFacts } from '../logging/request-facts.ts'
import type { SlowThresholds } from '../logging/request-log.plugin.ts'
import { requestMessage } from '../logging/request-message.ts'
import { traceIdOf } from '../logging/trace-id.ts'
import { flatText } from './flat-text.ts'

const info = 30

/** What the lines of all requests for a URL have in common. */
export interface PreparedLine {
  readonly method: string
  readonly url: string
  readonly route: string | null
  readonly text: string
}

/** What a line says of one request. */
export interface LineFacts {
  /** Safe in JSON as it is. */
  id: string
  headers: IncomingHttpHeaders
  /** The user whose token the request came with; null without one. */
  user: string | null
  address: string
  status: number
  durationMs: number
  /** Milliseconds of it that were spent on Redis. */
  waited: number
  /** The heap in use when the request came, in bytes. */
  heapAtStart: number
}

export interface RequestLine {
  prepare(request: { method: string; url: string; route: string | null }): PreparedLine
  write(prepared: PreparedLine, facts: LineFacts): void
}

/**
 * Writes the line of a request that was answered well, at `info`: byte for byte what pino makes of the same facts, but put together
 * as text, of few pieces. Files and tests that read more than text get it from pino, and so do slow ones, which are warnings.
 */
export function requestLine(
  log: Logger,
  { warnMs, errorMs }: SlowThresholds,
  heapNow: () => number,
): RequestLine {
  const raw = rawOutput(log)
  const plain = plainLog(log)
  const time = isoTime()
  const start = '{"level":"info"'
  const service = `,"service":${quote(raw?.service)},"requestId":"`
  const end = `,"msg":"${requestMessage}"}\n`

  function writeText(output: NonNullable<typeof raw>['output'], { text }: PreparedLine, facts: LineFacts) {
    const { id, headers, user, address, status, durationMs } = facts
    const traceId = headers.traceparent === undefined ? undefined : traceIdOf(headers.traceparent)
    const trace = traceId === undefined ? '"' : `","traceId":"${traceId}"`
    const who = user === null ? 'null' : quote(user)
    output.write(
      `${start}${time()}${service}${id}${trace}${text}${who},"address":${quote(address)},"status":${status},"durationMs":${tenths(durationMs)}${end}`,
    )
  }

  return {
    prepare: ({ method, url, route }) => ({
      method,
      url,
      route,
      text: flatText(
        `,"method":${quote(method)},"route":${quote(route)},"path":${quote(pathOf(url))},"user":`,
      ),
    }),
    write(prepared, facts) {
      const { status, durationMs, waited, heapAtStart, ...request } = facts
      const slow = durationMs > warnMs
      if (!slow && plain.levelVal > info) return
      if (!slow && raw !== undefined) return writeText(raw.output, prepared, facts)
      const line = { ...requestFacts({ ...prepared, ...request }), status, durationMs: tenths(durationMs) }
      if (!slow) return plain.info(line, requestMessage)
      const level = durationMs > errorMs ? 'error' : 'warn'
      const heapChangeBytes = heapNow() - heapAtStart
      plain[level]({ ...line, slow, heapChangeBytes, db: 0, cache: waited }, requestMessage)
    },
  }
}

const quote = JSON.stringify
const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10
