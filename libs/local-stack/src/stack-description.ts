import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** stack.json: what other processes need to know of a running or stopped stack. */
export interface StackDescription {
  /** A description of another format counts as none; the servers are found again by their directories. */
  format: 1
  name: string
  /** Where the servers keep their data; elsewhere than the description when Postgres' user cannot enter the clone. */
  dataDirectory: string
  /** null without Postgres */
  postgres: { ports: number[]; primaryIndex: number } | null
  /** null without Redis */
  redis: { ports: number[]; busOffset: number } | null
}

/** The description kept in that directory; null when there is none or it was cut short by a killed session. */
export function readDescription(directory: string): StackDescription | null {
  try {
    const found = JSON.parse(readFileSync(join(directory, 'stack.json'), 'utf8')) as StackDescription
    return found.format === 1 ? found : null
  } catch {
    return null
  }
}

/** `host:port,…` of a description's Redis nodes; empty without Redis. */
export const redisAddresses = ({ redis }: StackDescription) =>
  (redis?.ports ?? []).map((port) => `127.0.0.1:${port}`).join(',')

/** Writes stack.json in that directory, never half of it. */
export async function writeDescription(directory: string, description: StackDescription): Promise<void> {
  const file = join(directory, 'stack.json')
  await writeFile(`${file}.making`, `${JSON.stringify(description, null, 2)}\n`)
  await rename(`${file}.making`, file)
}
