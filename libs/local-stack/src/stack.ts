import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findPostgresBinaries } from './postgres/binaries.ts'
import { createPostgresCluster, databaseUrl, type PostgresCluster } from './postgres/cluster.ts'
import { postgresUrl, superuser } from './postgres/credentials.ts'
import type { PostgresServer } from './postgres/server.ts'
import { commonSettings, throwawaySettings } from './postgres/settings.ts'
import { type Say, sayOnTerminal } from './progress.ts'
import { findRedisServer } from './redis/binary.ts'
import { createRedisCluster, type RedisCluster } from './redis/cluster.ts'
import type { RedisNode } from './redis/node.ts'
import { readDescription, type StackDescription, writeDescription } from './stack-description.ts'
import { withStackLock } from './stack-lock.ts'
import { repositoryRoot, type StackOptions } from './stack-options.ts'
import { type Account, canReach, serverAccount } from './system/account.ts'
import { removeTree } from './system/files.ts'
import { memoryDirectory } from './system/memory-directory.ts'

/** A stack whose servers run, at least until a fault helper ends one. */
export interface Stack {
  readonly name: string
  readonly directory: string
  /** The owner's address of the database `comanda`; changes when a standby is promoted. */
  readonly primaryUrl: string
  readonly replicaUrls: readonly string[]
  /** The superuser's address of the maintenance database. */
  readonly adminUrl: string
  /** `host:port,…`; empty without Redis. */
  readonly redisNodes: string
  /** @throws when the stack was started without Postgres */
  readonly postgres: PostgresCluster
  /** @throws when the stack was started without Redis */
  readonly redis: RedisCluster
  stop(): Promise<void>
}

/**
 * Brings up what does not run yet and resolves when everything answers: standbys stream, the Redis Cluster is whole.
 * Running it again is cheap. Servers of a stack outlive the process that started them, until `stop()`.
 * @throws one sentence when a port is a stranger's or a program is missing; otherwise with the end of a server's log
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = stackDirectory(options)
  await mkdir(directory, { recursive: true })
  return withStackLock(directory, options.say ?? sayOnTerminal, async () => {
    const stack = await openStack(options)
    if (options.postgres !== false) await stack.postgres.start()
    if (options.redis !== false) await stack.redis.start()
    return stack
  })
}

/** Stops the servers of a stack, whoever started them. Their data stays. */
export async function stopStack(options: StackOptions): Promise<void> {
  const directory = stackDirectory(options)
  if (readDescription(directory) === null) return
  await withStackLock(directory, options.say ?? sayOnTerminal, async () => {
    const stack = await openStack(options)
    await stack.stop()
  })
}

/** Stops the stack and forgets its data. */
export async function resetStack(options: StackOptions): Promise<void> {
  const directory = stackDirectory(options)
  const description = readDescription(directory)
  await stopStack(options)
  if (description !== null) await removeTree(description.dataDirectory)
  await removeTree(directory)
}

export const stackDirectory = (options: StackOptions) =>
  resolve(options.directory ?? join(repositoryRoot, '.comanda', options.name))

async function openStack(options: StackOptions): Promise<Stack> {
  const say: Say = options.say ?? sayOnTerminal
  const directory = stackDirectory(options)
  const account = options.postgres === false ? null : serverAccount()
  const description = describe(options, directory, account)
  await mkdir(description.dataDirectory, { recursive: true })
  if (!isOwnDirectory(description.dataDirectory))
    throw new Error(`${description.dataDirectory} belongs to another user`)
  await writeDescription(directory, description)
  const postgres = await openPostgres(options, description, directory, account, say)
  const redis = await openRedis(description, directory, say)
  return handle(options.name, directory, postgres, redis)
}

function describe(options: StackOptions, directory: string, account: Account | null): StackDescription {
  const known = readDescription(directory)
  const postgres = options.postgres
  const ports =
    postgres === false
      ? []
      : Array.from({ length: postgres.standbys + 1 }, (_, index) => postgres.port + index)
  const remembered = known?.postgres?.primaryIndex ?? 0
  const primaryIndex = remembered < ports.length ? remembered : 0
  const redis =
    options.redis === false
      ? null
      : { port: options.redis.port, busOffset: options.redis.busOffset ?? 10_000 }
  return {
    name: options.name,
    dataDirectory: dataDirectory(options, directory, account, known),
    postgres: ports.length > 0 ? { ports, primaryIndex } : null,
    redis:
      redis === null
        ? null
        : {
            ...redis,
            nodes: nodePorts(redis.port)
              .map((port) => `127.0.0.1:${port}`)
              .join(','),
          },
  }
}

const nodePorts = (port: number) => [0, 1, 2, 3, 4, 5].map((index) => port + index)

/** Where the servers work: where they did last time, in memory, beside the description, or in a place of root's. */
function dataDirectory(
  options: StackOptions,
  directory: string,
  account: Account | null,
  known: StackDescription | null,
): string {
  const last = known?.dataDirectory
  if (last !== undefined && isOwnDirectory(last) && canReach(account, last)) return last
  const memory = options.throwaway ? memoryDirectory() : null
  if (memory !== null) return join(memory, `comanda-${process.getuid?.()}-${placeId(directory)}`)
  if (canReach(account, directory)) return directory
  // A clone below /root is closed to the user who runs Postgres for root.
  return join(outsideDirectory(directory), 'data')
}

/** In a directory that everybody may write to, a name alone proves nothing. */
function isOwnDirectory(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

const placeId = (directory: string) => createHash('sha256').update(directory).digest('hex').slice(0, 12)
const outsideDirectory = (directory: string) => join('/var/lib/comanda-local', placeId(directory))

async function openPostgres(
  options: StackOptions,
  description: StackDescription,
  directory: string,
  account: Account | null,
  say: Say,
): Promise<PostgresCluster | null> {
  if (description.postgres === null) return null
  const binaries = await findPostgresBinaries(account, outsideDirectory(directory))
  const settings = { ...commonSettings, ...(options.throwaway ? throwawaySettings : {}), ...options.settings }
  const servers = description.postgres.ports.map((port, index): PostgresServer => {
    const name = `postgres-${index + 1}`
    const logFile = join(directory, 'logs', `${name}.log`)
    return { name, port, directory: join(description.dataDirectory, name), logFile }
  })
  return createPostgresCluster(
    { binaries, account, settings, say },
    {
      servers,
      primaryIndex: description.postgres.primaryIndex,
      onPromoted: (primaryIndex) =>
        writeDescription(directory, {
          ...description,
          postgres: { ports: servers.map((server) => server.port), primaryIndex },
        }),
    },
  )
}

async function openRedis(
  description: StackDescription,
  directory: string,
  say: Say,
): Promise<RedisCluster | null> {
  if (description.redis === null) return null
  const { port: firstPort, busOffset } = description.redis
  const nodes = nodePorts(firstPort).map((port, index): RedisNode => {
    const name = `redis-${index + 1}`
    const logFile = join(directory, 'logs', `${name}.log`)
    return {
      name,
      port,
      busPort: port + busOffset,
      directory: join(description.dataDirectory, name),
      logFile,
    }
  })
  return createRedisCluster(await findRedisServer(say), nodes, say)
}

function handle(
  name: string,
  directory: string,
  postgres: PostgresCluster | null,
  redis: RedisCluster | null,
): Stack {
  const part = <T>(wanted: T | null, what: string): T => {
    if (wanted === null) throw new Error(`The stack ${name} was started without ${what}`)
    return wanted
  }
  return {
    name,
    directory,
    get primaryUrl() {
      return databaseUrl(part(postgres, 'Postgres').primary, 'comanda')
    },
    get replicaUrls() {
      return part(postgres, 'Postgres').standbys.map((server) => databaseUrl(server, 'comanda'))
    },
    get adminUrl() {
      return postgresUrl(part(postgres, 'Postgres').primary.port, 'postgres', superuser)
    },
    redisNodes: redis?.addresses ?? '',
    get postgres() {
      return part(postgres, 'Postgres')
    },
    get redis() {
      return part(redis, 'Redis')
    },
    async stop() {
      await postgres?.stop()
      await redis?.stop()
    },
  }
}
