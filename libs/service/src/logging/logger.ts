import pino, { type DestinationStream, type Logger, type LoggerOptions, type StreamEntry } from 'pino'
import { bufferedLines } from './buffered-lines.ts'
import { inSources } from './in-sources.ts'

export type { Logger } from 'pino'

export interface LoggerSettings {
  /** Name of the service, on every line. */
  name: string
  config: { LOG_LEVEL: string; LOG_DIRECTORY?: string }
  /** Where lines go instead of standard output; for tests. */
  stream?: DestinationStream
}

/** Members whose values never reach a log, at the top of the logged object and one level down. */
const secrets = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'secret',
  'apiKey',
  'pickupCode',
  'cardNumber',
]

const redact = {
  paths: [
    ...secrets,
    ...secrets.map((name) => `*.${name}`),
    'req.headers.authorization',
    'req.headers.cookie',
  ],
  censor: '[redacted]',
}

/**
 * The logger of a service: JSON lines on standard output, and rotated files in `LOG_DIRECTORY` when it is set.
 * Lines are written asynchronously, several at once: `kill -9` may lose the last tenth of a second.
 */
export async function createLogger({ name, config, stream }: LoggerSettings): Promise<Logger> {
  const options: LoggerOptions = {
    base: { service: name },
    level: config.LOG_LEVEL,
    redact,
    timestamp: isoTime(),
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorSerializer() },
  }
  const output = stream ?? bufferedLines(process.stdout.fd)
  if (config.LOG_DIRECTORY === undefined) {
    const log = withPlain(options, output)
    rawOutputs.set(log, { output, service: name })
    return log
  }
  // Loaded when asked for: rotation brings a date library that nobody else needs.
  const { openLogFiles } = await import('./log-files.ts')
  const files = await openLogFiles(config.LOG_DIRECTORY, name)
  const streams: StreamEntry[] = [{ level: 'trace', stream: output }, ...files]
  return withPlain(options, pino.multistream(streams))
}

/** The serialiser of pino, with stacks that name the sources. */
function errorSerializer(): typeof pino.stdSerializers.err {
  const sources = inSources(process.argv[1] ?? '')
  if (sources === null) return pino.stdSerializers.err
  return (error) => {
    const serialized = pino.stdSerializers.err(error)
    // pino returns what is no error as it is.
    if (typeof serialized?.stack === 'string') serialized.stack = sources(serialized.stack)
    return serialized
  }
}

const plainLogs = new WeakMap<Logger, Logger>()

function withPlain(options: LoggerOptions, output: DestinationStream): Logger {
  const log = pino(options, output)
  const { redact: _, ...plain } = options
  plainLogs.set(log, pino(plain, output))
  return log
}

/**
 * A logger without redaction that writes where `log` does, for lines that have nothing to hide: redaction by wildcard takes several
 * times as long as the line itself, and a child with an empty list of paths still goes through every member.
 */
export function plainLog(log: Logger): Logger {
  return plainLogs.get(log) ?? log
}

/** Writes the lines that a logger still holds, and returns when they are written: for who must not go on before they are. */
export function flushLog(log: Logger): void {
  const output = (log as unknown as Record<symbol, Partial<pino.MultiStreamRes>>)[pino.symbols.streamSym]
  output?.flushSync?.()
}

interface RawOutput {
  output: DestinationStream
  service: string
}
const rawOutputs = new WeakMap<Logger, RawOutput>()

/** Where the lines of a logger go, when all that is wanted of them is their text. */
export function rawOutput(log: Logger): RawOutput | undefined {
  return rawOutputs.get(log)
}

/** Makes the `time` member of a line, ISO 8601 like pino's own; a busy process writes many lines in one millisecond, and works it out for the first. */
export function isoTime(): () => string {
  let at = 0
  let member = ''
  return () => {
    const now = Date.now()
    if (now !== at) member = `,"time":"${new Date(now).toISOString()}"`
    at = now
    return member
  }
}
