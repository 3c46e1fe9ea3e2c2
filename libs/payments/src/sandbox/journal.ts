import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'

/** Appends records to a file of JSON lines before they are answered, so that kill -9 forgets nothing. */
export interface Journal<R> {
  append: (record: R) => void
  /** Everything that was appended, oldest first. */
  read: () => R[]
}

/** Opens a journal, and makes its folder. @param path null keeps nothing, for tests */
export function openJournal<R>(path: string | null): Journal<R> {
  if (path === null) return { append: () => {}, read: () => [] }
  mkdirSync(dirname(path), { recursive: true })
  return {
    append: (record) => appendFileSync(path, `${JSON.stringify(record)}\n`),
    read() {
      if (!existsSync(path)) return []
      const text = readFileSync(path, 'utf8')
      // A line that a kill cut off was never answered; the next record must not be glued to it.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
      return whole
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as R)
    },
  }
}
