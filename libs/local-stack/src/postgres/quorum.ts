import { setTimeout as sleep } from 'node:timers/promises'
import { asSuperuser } from './connection.ts'
import { isRunning, type PostgresServer } from './server.ts'

/**
 * Has commits acknowledged only when one standby has them on disk too. It configures all servers, since any may become the
 * primary. To be called while a standby streams, or nothing can be committed.
 */
export async function commitByQuorum(servers: readonly PostgresServer[]): Promise<void> {
  for (const server of servers) {
    await asSuperuser(server.port, async (session) => {
      await session.query(`alter system set synchronous_standby_names = 'ANY 1 (*)'`)
      await session.query('select pg_reload_conf()')
    })
  }
}

/**
 * Finds the running standby that has received most: under quorum commit it has everything that was acknowledged.
 * @throws Error when none runs
 */
export async function findMostAdvanced(standbys: readonly PostgresServer[]): Promise<PostgresServer> {
  const running = standbys.filter(isRunning)
  const received = await Promise.all(
    running.map(async (server) => ({ server, position: await receivedBy(server) })),
  )
  const [best] = received.toSorted((a, b) => b.position - a.position)
  if (best === undefined) throw new Error('no standby runs that could be promoted')
  return best.server
}

/** How many bytes of WAL a standby has, once what the primary had sent has arrived. */
async function receivedBy(server: PostgresServer): Promise<number> {
  const deadline = Date.now() + 2000
  return asSuperuser(server.port, async (session) => {
    while ((await session.query('select 1 from pg_stat_wal_receiver')).length > 0 && Date.now() < deadline)
      await sleep(10)
    const [row] = await session.query<{ position: number }>(
      `select pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')::float8 as position`,
    )
    return row?.position ?? 0
  })
}
