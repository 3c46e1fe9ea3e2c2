import { isoTime, type Logger, plainLog, rawOutput } from './logger.ts'
import { type LoggedRequest, requestFacts } from './request-facts.ts'
import { requestMessage } from './request-message.ts'

const info = 30

/**
 * Writes the line of a request that was answered well, at `info`: byte for byte what pino makes of the same facts, but put together
 * as text, in a third of the time. Files and tests that read more than text get it from pino.
 */
export function requestLine(
  log: Logger,
): (request: LoggedRequest, status: number, durationMs: number) => void {
  const raw = rawOutput(log)
  const plain = plainLog(log)
  if (raw === undefined) {
    return (request, status, durationMs) =>
      plain.info({ ...requestFacts(request), status, durationMs: tenths(durationMs) }, requestMessage)
  }
  const time = isoTime()
  const service = `,"service":${JSON.stringify(raw.service)},"requestId":`
  const end = `,"msg":"${requestMessage}"}\n`
  return (request, status, durationMs) => {
    if (plain.levelVal > info) return
    const { requestId, traceId, method, route, path, user, address } = requestFacts(request)
    const trace = traceId === undefined ? '' : `,"traceId":"${traceId}"`
    raw.output.write(
      `{"level":"info"${time()}${service}${quote(requestId)}${trace},"method":${quote(method)},"route":${quote(route)},"path":${quote(path)},"user":${quote(user)},"address":${quote(address)},"status":${status},"durationMs":${tenths(durationMs)}${end}`,
    )
  }
}

const quote = JSON.stringify
const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10
