import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** stack.json: what other processes need to know of a running or stopped stack. */
export interface StackDescription {
  name: string
  /** Where the servers keep their data; elsewhere than the description when Postgres' user cannot enter the clone. */
  dataDirectory: string
  /** null without Postgres */
  postgres: { ports: number[]; primaryIndex: number } | null
  /** null without Redis */
  redis: { port: number; busOffset: number; nodes: string } | null
}

/** The description kept in that directory; null when there is none or it was cut short by a killed session. */
export function readDescription(directory: string): StackDescription | null {
  try {
    return JSON.parse(readFileSync(join(directory, 'stack.json'), 'utf8')) as StackDescription
  } catch {
    return null
  }
}

export async function writeDescription(directory: string, description: StackDescription): Promise<void> {
  const file = join(directory, 'stack.json')
  await writeFile(`${file}.making`, `${JSON.stringify(description, null, 2)}\n`)
  await rename(`${file}.making`, file)
}
