import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

const dayMs = 86_400_000

/**
 * Compresses the finished log files of a service and deletes those past their days. pino-roll can do neither: it counts
 * files where we promise days. Files are named `<name>-<kind>.<yyyy-MM-dd>.<number>.log`; the newest of a kind is being
 * written and left alone.
 */
export async function tidyLogFiles(
  directory: string,
  name: string,
  daysByKind: Record<string, number>,
  now: number = Date.now(),
): Promise<void> {
  const names = await readdir(directory)
  for (const [kind, days] of Object.entries(daysByKind)) {
    const files = names.flatMap((file) => parse(file, `${name}-${kind}`))
    const newest = files
      .filter((file) => !file.compressed)
      .toSorted(byAge)
      .at(-1)
    for (const file of files) {
      if (now - Date.parse(file.day) > (days + 1) * dayMs) await unlink(join(directory, file.name))
      else if (!file.compressed && file !== newest) await compress(join(directory, file.name))
    }
  }
}

interface LogFile {
  name: string
  day: string
  number: number
  compressed: boolean
}

function parse(file: string, prefix: string): LogFile[] {
  if (!file.startsWith(`${prefix}.`)) return []
  const match = /^(\d{4}-\d\d-\d\d)\.(\d+)\.log(\.gz)?$/.exec(file.slice(prefix.length + 1))
  if (!match) return []
  return [
    { name: file, day: match[1] as string, number: Number(match[2]), compressed: match[3] !== undefined },
  ]
}

function byAge(a: LogFile, b: LogFile): number {
  return a.day.localeCompare(b.day) || a.number - b.number
}

/** Appends, because a restarted process may reuse a number, and gzip members in a row are one valid file (RFC 1952, 2.2). */
async function compress(path: string): Promise<void> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`, { flags: 'a' }))
  await unlink(path)
}
