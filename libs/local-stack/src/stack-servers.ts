import { join } from 'node:path'
import { findPostgresBinaries } from './postgres/binaries.ts'
import { createPostgresCluster, type PostgresCluster } from './postgres/cluster.ts'
import { type PostgresServer, stopServer } from './postgres/server.ts'
import { commonSettings, throwawaySettings } from './postgres/settings.ts'
import { sayOnTerminal } from './progress.ts'
import { findRedisServer } from './redis/binary.ts'
import { createRedisCluster, type RedisCluster } from './redis/cluster.ts'
import type { RedisNode } from './redis/node.ts'
import { type StackDescription, writeDescription } from './stack-description.ts'
import { outsideDirectory } from './stack-layout.ts'
import type { StackOptions } from './stack-options.ts'
import { serverAccount } from './system/account.ts'
import { removeTree } from './system/files.ts'
import { once } from './system/once.ts'

export type ServerOptions = Pick<StackOptions, 'throwaway' | 'settings' | 'say'>

/** The Postgres servers of a description, running or not; null when it has none. */
export function describedPostgres(
  directory: string,
  description: StackDescription,
  options: ServerOptions,
): PostgresCluster | null {
  if (description.postgres === null) return null
  const { ports, primaryIndex } = description.postgres
  const account = serverAccount()
  const servers = ports.map(
    (port, index): PostgresServer => ({ port, ...place(directory, description, 'postgres', index) }),
  )
  const runtime = {
    binaries: once(() => findPostgresBinaries(account, outsideDirectory(directory))),
    account,
    settings: { ...commonSettings, ...(options.throwaway ? throwawaySettings : {}), ...options.settings },
    say: options.say ?? sayOnTerminal,
  }
  const onPromoted = (index: number) =>
    writeDescription(directory, { ...description, postgres: { ports, primaryIndex: index } })
  return createPostgresCluster(runtime, { servers, primaryIndex, onPromoted })
}

/** Ends and forgets the standbys that a stack had and is no longer asked to have. */
export async function retireStandbys(
  directory: string,
  before: StackDescription | null,
  wanted: StackDescription,
  options: ServerOptions,
): Promise<void> {
  if (before === null) return
  const servers = describedPostgres(directory, before, options)?.servers ?? []
  for (const server of servers.slice(wanted.postgres?.ports.length ?? 0)) {
    await stopServer(server, 'fast')
    await removeTree(server.directory)
  }
}

/** The Redis nodes of a description, running or not; null when it has none. */
export function describedRedis(
  directory: string,
  description: StackDescription,
  options: ServerOptions,
): RedisCluster | null {
  if (description.redis === null) return null
  const { ports, busOffset } = description.redis
  const say = options.say ?? sayOnTerminal
  const nodes = ports.map(
    (port, index): RedisNode => ({
      port,
      busPort: port + busOffset,
      ...place(directory, description, 'redis', index),
    }),
  )
  return createRedisCluster({ binary: once(() => findRedisServer(say)), nodes, say })
}

function place(directory: string, description: StackDescription, kind: 'postgres' | 'redis', index: number) {
  const name = `${kind}-${index + 1}`
  return {
    name,
    directory: join(description.dataDirectory, name),
    logFile: join(directory, 'logs', `${name}.log`),
  }
}
