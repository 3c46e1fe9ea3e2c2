import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readDescription, type StackDescription } from './stack-description.ts'
import { repositoryRoot, type StackOptions } from './stack-options.ts'
import { canReach, type OsAccount } from './system/account.ts'
import { memoryDirectory } from './system/memory-directory.ts'

/** Where a stack keeps its description and logs. */
export const stackDirectory = (options: Pick<StackOptions, 'name' | 'directory'>) =>
  resolve(options.directory ?? join(repositoryRoot, '.comanda', options.name))

/** Describes the stack that the options ask for; the directory of its data and the primary stay what they were. */
export async function layOut(options: StackOptions, account: OsAccount | null): Promise<StackDescription> {
  const directory = stackDirectory(options)
  const known = readDescription(directory)
  const data = dataDirectory(directory, account, known, options.throwaway ?? false)
  await mkdir(data, { recursive: true })
  if (!isOwnDirectory(data)) throw new Error(`${data} belongs to another user; remove it as that user.`)
  const { postgres, redis } = options
  const primaryIndex = known?.postgres?.primaryIndex ?? 0
  return {
    format: 1,
    name: options.name,
    dataDirectory: data,
    postgres:
      postgres === false
        ? null
        : { ports: ports(postgres.port, Math.max(postgres.standbys, primaryIndex) + 1), primaryIndex },
    redis: redis === false ? null : { ports: ports(redis.port, 6), busOffset: redis.busOffset ?? 10_000 },
  }
}

const ports = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/** The servers' directory: the one of last time, in memory, beside the description, or one that root keeps elsewhere. */
function dataDirectory(
  directory: string,
  account: OsAccount | null,
  known: StackDescription | null,
  throwaway: boolean,
): string {
  const last = known?.dataDirectory
  if (last !== undefined && isOwnDirectory(last) && canReach(account, last)) return last
  const memory = throwaway ? memoryDirectory() : null
  if (memory !== null && !directory.startsWith(memory)) {
    return join(memory, `comanda-${process.getuid?.()}-${placeId(directory)}`)
  }
  if (canReach(account, directory)) return directory
  // A clone below /root is closed to the user who runs Postgres for root.
  return join(outsideDirectory(directory), 'data')
}

/** Whether the directory is ours: where everybody may write, a name alone proves nothing. */
function isOwnDirectory(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

/** Root's directory for what Postgres' user must be able to reach although it cannot enter the clone. */
export const outsideDirectory = (directory: string) => join('/var/lib/comanda-local', placeId(directory))

const placeId = (directory: string) => createHash('sha256').update(directory).digest('hex').slice(0, 12)
