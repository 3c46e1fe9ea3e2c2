import pino, { type DestinationStream, type Logger, type LoggerOptions, type StreamEntry } from 'pino'

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
 * The logger of a service (OBS-5): JSON lines on standard output, and rotated files in `LOG_DIRECTORY` when it is set.
 * Lines are written asynchronously and flushed at exit.
 */
export async function createLogger({ name, config, stream }: LoggerSettings): Promise<Logger> {
  const options: LoggerOptions = {
    base: { service: name },
    level: config.LOG_LEVEL,
    redact,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  }
  const output = stream ?? pino.destination({ dest: 1, sync: false })
  if (config.LOG_DIRECTORY === undefined) return pino(options, output)
  // Loaded when asked for: rotation brings a date library that nobody else needs.
  const { openLogFiles } = await import('./log-files.ts')
  const files = await openLogFiles(config.LOG_DIRECTORY, name)
  const streams: StreamEntry[] = [{ level: 'trace', stream: output }, ...files]
  return pino(options, pino.multistream(streams))
}
