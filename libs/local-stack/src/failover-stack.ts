import { commitByQuorum, findMostAdvanced } from './postgres/quorum.ts'
import type { PostgresServer } from './postgres/server.ts'
import type { PostgresSettings } from './postgres/settings.ts'
import type { RedisNode } from './redis/node.ts'
import type { Stack } from './stack.ts'
import { startTemporaryStack } from './temporary-stack.ts'

/** A temporary stack for fault tests, in which a commit that was acknowledged survives the loss of the primary. */
export interface FailoverStack extends Stack {
  /** Ends the primary and its sessions by kill -9. It stays down until `postgres.rejoin` or `postgres.startServer`. */
  killPrimary: () => Promise<PostgresServer>
  /**
   * Promotes the standby that has received most, and lets the others follow it. Resolves with it when it takes writes and
   * they stream, so that commits go on.
   */
  promoteMostAdvanced: () => Promise<PostgresServer>
  /** Kills the Redis master that holds the key, or any. A replica takes over after some seconds, unasked. */
  killRedisMaster: (key?: string) => Promise<RedisNode>
}

export interface FailoverStackOptions {
  /** At least two, because a commit needs one that is left. */
  standbys?: number
  /** Default: a Redis Cluster beside Postgres. */
  redis?: boolean
  settings?: PostgresSettings
}

/** Starts servers that commit by quorum (`ANY 1`). `url` names all of them, as DATABASE_URL wants it. */
export async function startFailoverStack({
  standbys = 2,
  redis = true,
  settings = {},
}: FailoverStackOptions = {}): Promise<FailoverStack> {
  const stack = await startTemporaryStack({ postgres: { standbys, settings }, redis })
  const { postgres } = stack
  await commitByQuorum(postgres.servers)
  return Object.assign(stack, {
    async killPrimary() {
      const { primary } = postgres
      await postgres.stopServer(primary, 'kill')
      return primary
    },
    async promoteMostAdvanced() {
      await postgres.promote(await findMostAdvanced(postgres.standbys))
      return postgres.primary
    },
    async killRedisMaster(key?: string) {
      const [any] = await stack.redis.masters()
      const master = key === undefined ? any : await stack.redis.masterOf(key)
      if (master === undefined) throw new Error('no Redis master runs')
      await stack.redis.stopNode(master, 'SIGKILL')
      return master
    },
  })
}
