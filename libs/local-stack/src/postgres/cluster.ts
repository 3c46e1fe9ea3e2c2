import { setTimeout as sleep } from 'node:timers/promises'
import { removeTree } from '../system/files.ts'
import { asSuperuser } from './connection.ts'
import { postgresUrl } from './credentials.ts'
import { startPrimary } from './primary.ts'
import {
  isRunning,
  type PostgresRuntime,
  type PostgresServer,
  type StopMode,
  startServer,
  stopServer,
  writeSettings,
} from './server.ts'
import { followSettings, reserveSlot, slotOf, startStandby, waitUntilStreaming } from './standby.ts'

/** A primary and its standbys, and the faults that tests put them through. Servers are counted from 0. */
export interface PostgresCluster {
  readonly servers: readonly PostgresServer[]
  /** Changes when a standby is promoted. */
  readonly primary: PostgresServer
  readonly standbys: readonly PostgresServer[]
  /** Starts what does not run; resolves when every standby streams. */
  start(): Promise<void>
  stop(mode?: StopMode): Promise<void>
  stopServer(server: PostgresServer, mode: StopMode): Promise<void>
  startServer(server: PostgresServer): Promise<void>
  /** Ends the primary if it still runs, makes the standby the primary, and lets the others follow it. */
  promote(standby: PostgresServer): Promise<void>
  /** Makes a former primary a standby of the present one. Its data directory is copied anew. */
  rejoin(server: PostgresServer): Promise<void>
  pauseReplay(standby: PostgresServer): Promise<void>
  resumeReplay(standby: PostgresServer): Promise<void>
  /** Resolves when the standby has replayed everything the primary has written so far. */
  waitForReplay(standby: PostgresServer, deadlineMs?: number): Promise<void>
}

export interface PostgresClusterOptions {
  servers: PostgresServer[]
  /** Index of the server that is the primary now; 0 unless one was promoted earlier. */
  primaryIndex: number
  /** Called when a standby was promoted, so that the next start knows. */
  onPromoted?: (index: number) => Promise<void>
}

/** Makes a cluster of servers that may run already. @throws Error when there are no servers */
export function createPostgresCluster(
  runtime: PostgresRuntime,
  options: PostgresClusterOptions,
): PostgresCluster {
  const { servers } = options
  const first = servers[options.primaryIndex] ?? servers[0]
  if (first === undefined) throw new Error('a Postgres cluster needs at least one server')
  let primary = first
  const standbys = () => servers.filter((server) => server !== primary)

  const cluster: PostgresCluster = {
    servers,
    get primary() {
      return primary
    },
    get standbys() {
      return standbys()
    },

    async start() {
      await startPrimary(runtime, primary)
      for (const standby of standbys()) await startStandby(runtime, standby, primary)
      await dropOtherSlots(primary, standbys())
    },

    async stop(mode = 'fast') {
      // The primary is stopped first: it then waits until the standbys have received its last record.
      for (const server of [primary, ...standbys()]) await stopServer(server, mode)
    },

    async stopServer(server, mode) {
      await stopServer(server, mode)
    },

    async startServer(server) {
      await startServer(runtime, server, server === primary ? {} : followSettings(server, primary))
    },

    async promote(standby) {
      const followers = standbys().filter((server) => server !== standby)
      await stopServer(primary, 'immediate')
      await asSuperuser(standby.port, (session) => session.query('select pg_promote(true, 30)'))
      primary = standby
      for (const follower of followers) await follow(follower)
      await options.onPromoted?.(servers.indexOf(standby))
    },

    async rejoin(server) {
      await stopServer(server, 'immediate')
      await removeTree(server.directory)
      await startStandby(runtime, server, primary)
    },

    async pauseReplay(standby) {
      await asSuperuser(standby.port, (session) => session.query('select pg_wal_replay_pause()'))
    },

    async resumeReplay(standby) {
      await asSuperuser(standby.port, (session) => session.query('select pg_wal_replay_resume()'))
    },

    waitForReplay: (standby, deadlineMs) => waitForReplay(primary.port, standby.port, deadlineMs),
  }

  async function follow(follower: PostgresServer): Promise<void> {
    await asSuperuser(primary.port, (session) => reserveSlot(session, slotOf(follower)))
    if (!isRunning(follower)) return
    await writeSettings(runtime, follower, followSettings(follower, primary))
    await asSuperuser(follower.port, (session) => session.query('select pg_reload_conf()'))
    if (!(await waitUntilStreaming(follower, primary, 5_000))) await cluster.rejoin(follower)
  }

  return cluster
}

/** Drops the slots of standbys that are no longer wanted: a slot that nobody reads from keeps WAL for ever. */
async function dropOtherSlots(primary: PostgresServer, standbys: PostgresServer[]): Promise<void> {
  const drop =
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active and slot_name <> all ($1)'
  await asSuperuser(primary.port, (session) => session.query(drop, [standbys.map(slotOf)]))
}

/** Less than a test runner waits, and many times what a busy machine needs. */
const patientMs = 300_000

/**
 * Resolves when the standby on that port has replayed what the primary has made durable so far. Polls, because
 * Postgres 18 cannot wait for a position.
 */
export async function waitForReplay(
  primaryPort: number,
  standbyPort: number,
  deadlineMs = patientMs,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  const [written] = await asSuperuser(primaryPort, (session) =>
    session.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn'),
  )
  await asSuperuser(standbyPort, async (session) => {
    const query = 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as reached'
    for (;;) {
      const [row] = await session.query<{ reached: boolean }>(query, [written?.lsn])
      if (row?.reached) return
      if (Date.now() > deadline)
        throw new Error(`The standby on port ${standbyPort} lags by over ${deadlineMs} ms`)
      await sleep(10)
    }
  })
}

/** The URL of a database on that server, for the role that owns it. */
export const databaseUrl = (server: PostgresServer, database: string) => postgresUrl(server.port, database)
