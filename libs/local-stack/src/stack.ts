import { mkdir } from 'node:fs/promises'
import { databaseUrl, type PostgresCluster } from './postgres/cluster.ts'
import { postgresUrl, superuser } from './postgres/credentials.ts'
import { sayOnTerminal } from './progress.ts'
import type { RedisCluster } from './redis/cluster.ts'
import {
  readDescription,
  redisAddresses,
  type StackDescription,
  writeDescription,
} from './stack-description.ts'
import { layOut, outsideDirectory, stackDirectory } from './stack-layout.ts'
import { withStackLock } from './stack-lock.ts'
import type { StackOptions } from './stack-options.ts'
import { describedPostgres, describedRedis, retireStandbys, type ServerOptions } from './stack-servers.ts'
import { serverAccount } from './system/account.ts'
import { removeTree } from './system/files.ts'

/** A stack whose servers run, at least until a fault helper ends one. */
export interface Stack {
  readonly name: string
  /** Description and logs; the data may be elsewhere. */
  readonly directory: string
  /** The URL of the database `comanda` with all servers, the primary first, for clients that follow a promotion. */
  readonly url: string
  /** Its URL on the primary alone, which changes when a standby is promoted. */
  readonly primaryUrl: string
  readonly replicaUrls: readonly string[]
  /** The superuser's URL of the maintenance database. */
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
 * Starts what does not run yet and resolves when everything answers: standbys stream, the Redis Cluster is healthy. Running it
 * again is cheap. Servers of a stack outlive the process that started them, until `stop()`.
 * @throws PortTaken when another program has a port; Error with one sentence when a program is missing, otherwise with the
 *   end of the server's log
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const account = serverAccount()
  // Postgres' user must be able to enter what root makes here, whatever root's own habits.
  if (account !== null) process.umask(0o022)
  const directory = stackDirectory(options)
  await mkdir(directory, { recursive: true })
  return withStackLock(directory, options.say ?? sayOnTerminal, async () => {
    const before = readDescription(directory)
    const description = await layOut(options, account)
    await retireStandbys(directory, before, description, options)
    await writeDescription(directory, description)
    const stack = openStack(directory, description, options)
    if (description.postgres !== null) await stack.postgres.start()
    if (description.redis !== null) await stack.redis.start()
    return stack
  })
}

/** Stops the servers of a stack, whoever started them. Their data stays. */
export async function stopStack(options: StackOptions): Promise<void> {
  const directory = stackDirectory(options)
  const description = readDescription(directory)
  if (description === null) return
  await withStackLock(directory, options.say ?? sayOnTerminal, () =>
    openStack(directory, description, options).stop(),
  )
}

/** Stops the stack and forgets its data. */
export async function resetStack(options: StackOptions): Promise<void> {
  const directory = stackDirectory(options)
  await stopStack(options)
  const description = readDescription(directory)
  if (description !== null) await removeTree(description.dataDirectory)
  await removeTree(outsideDirectory(directory))
  await removeTree(directory)
}

function openStack(directory: string, description: StackDescription, options: ServerOptions): Stack {
  const postgres = describedPostgres(directory, description, options)
  const redis = describedRedis(directory, description, options)
  const part = <T>(wanted: T | null, what: string): T => {
    if (wanted === null) throw new Error(`The stack ${description.name} has no ${what}`)
    return wanted
  }
  return {
    name: description.name,
    directory,
    get url() {
      const { primary, standbys } = part(postgres, 'Postgres')
      return postgresUrl(
        [primary, ...standbys].map(({ port }) => port),
        'comanda',
      )
    },
    get primaryUrl() {
      return databaseUrl(part(postgres, 'Postgres').primary, 'comanda')
    },
    get replicaUrls() {
      return part(postgres, 'Postgres').standbys.map((server) => databaseUrl(server, 'comanda'))
    },
    get adminUrl() {
      return postgresUrl(part(postgres, 'Postgres').primary.port, 'postgres', superuser)
    },
    redisNodes: redisAddresses(description),
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
