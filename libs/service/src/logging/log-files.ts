import { join } from 'node:path'
import type { StreamEntry } from 'pino'
import roll, { type RollingStream } from 'pino-roll'
import { requestMessage } from './request-message.ts'
import { tidyLogFiles } from './tidy-log-files.ts'

/** Kinds of log file and for how many days each is kept. */
const logFileKinds = { errors: 14, combined: 14, http: 7 } as const

const tidyEveryMs = 3_600_000

/**
 * Opens `<name>-errors`, `<name>-combined` and `<name>-http`, rotated daily and at 20 MB, and keeps the directory tidy:
 * finished files are compressed, old ones deleted.
 */
export async function openLogFiles(directory: string, name: string): Promise<StreamEntry[]> {
  const open = (kind: keyof typeof logFileKinds) =>
    roll({
      file: join(directory, `${name}-${kind}`),
      frequency: 'daily',
      size: '20m',
      dateFormat: 'yyyy-MM-dd',
      extension: '.log',
      mkdir: true,
    })
  const [errors, combined, http] = [await open('errors'), await open('combined'), await open('http')]
  process.on('exit', () => {
    for (const file of [errors, combined, http]) file.flushSync()
  })
  const tidy = () => tidyLogFiles(directory, name, logFileKinds).catch((error) => errors.emit('error', error))
  setInterval(() => void tidy(), tidyEveryMs).unref()
  void tidy()
  return [
    { level: 'error', stream: errors },
    { level: 'trace', stream: combined },
    { level: 'trace', stream: requestLines(http) },
  ]
}

/** Passes on the request lines only. pino hands the message of each line to a stream that asks for metadata. */
function requestLines(file: RollingStream) {
  return {
    [Symbol.for('pino.metadata')]: true,
    lastMsg: '',
    write(line: string) {
      if (this.lastMsg === requestMessage) file.write(line)
    },
  }
}
