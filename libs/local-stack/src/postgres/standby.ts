import { existsSync } from 'node:fs'
import { chmod, chown, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { step } from '../progress.ts'
import { copyTree, giveTo, removeTree } from '../system/files.ts'
import { type AdminSession, asSuperuser } from './connection.ts'
import { superuser } from './credentials.ts'
import { isRunning, type PostgresRuntime, type PostgresServer, startServer, stopServer } from './server.ts'
import type { PostgresSettings } from './settings.ts'

/** The replication slot and application_name of a server: its name as an SQL identifier. */
export const slotOf = (server: PostgresServer) => server.name.replaceAll('-', '_')

/** The settings with which a server follows a primary; harmless on a server that is a primary itself. */
export function followSettings(server: PostgresServer, primary: PostgresServer): PostgresSettings {
  const login = `user=${superuser.user} password=${superuser.password}`
  return {
    primary_conninfo: `host=127.0.0.1 port=${primary.port} ${login} application_name=${slotOf(server)}`,
    primary_slot_name: slotOf(server),
  }
}

/**
 * Starts a hot standby of the running primary and resolves once it streams. A directory that is half made, was
 * promoted, or belongs to another primary is made anew; so is one that has missed more than the primary keeps.
 */
export async function startStandby(
  runtime: PostgresRuntime,
  server: PostgresServer,
  primary: PostgresServer,
) {
  await asSuperuser(primary.port, (session) => reserveSlot(session, slotOf(server)))
  const usable = existsSync(join(server.directory, 'standby.signal')) && (await sameSystem(server, primary))
  if (!usable) await rebuild(runtime, server, primary)
  await giveTo(runtime.account, server.directory)
  await step(runtime.say, `Postgres standby on port ${server.port}`, async () => {
    if (await startsAndStreams(runtime, server, primary, usable ? 5_000 : 20_000)) return
    if (!usable) throw new Error(`${server.name} does not stream from ${primary.name}; see ${server.logFile}`)
    runtime.say(`${server.name} can no longer follow ${primary.name} and is copied anew`)
    await rebuild(runtime, server, primary)
    if (!(await startsAndStreams(runtime, server, primary, 20_000))) {
      throw new Error(`${server.name} does not stream from ${primary.name}; see ${server.logFile}`)
    }
  })
}

async function startsAndStreams(
  runtime: PostgresRuntime,
  server: PostgresServer,
  primary: PostgresServer,
  deadlineMs: number,
): Promise<boolean> {
  try {
    await startServer(runtime, server, followSettings(server, primary))
  } catch (error) {
    if (isRunning(server) || !existsSync(join(server.directory, 'standby.signal'))) throw error
    return false
  }
  return waitUntilStreaming(server, primary, deadlineMs)
}

/** Polls the primary until the server streams from it. Returns false when it does not in time, or has ended. */
export async function waitUntilStreaming(
  server: PostgresServer,
  primary: PostgresServer,
  deadlineMs: number,
) {
  const deadline = Date.now() + deadlineMs
  const query = `select 1 from pg_stat_replication where application_name = $1 and state = 'streaming'`
  return asSuperuser(primary.port, async (session) => {
    while ((await session.query(query, [slotOf(server)])).length === 0) {
      if (Date.now() > deadline || !isRunning(server)) return false
      await sleep(50)
    }
    return true
  })
}

/** Creates a slot, unless it is there, that reserves WAL from now on, so that nothing is lost between the copy and the first connection. */
export async function reserveSlot(session: AdminSession, slot: string): Promise<void> {
  const found = await session.query<{ wal_status: string | null; active: boolean }>(
    'select wal_status, active from pg_replication_slots where slot_name = $1',
    [slot],
  )
  if (found[0]?.wal_status === 'lost' && !found[0].active)
    await session.query('select pg_drop_replication_slot($1)', [slot])
  else if (found.length > 0) return
  await session.query('select pg_create_physical_replication_slot($1, true)', [slot])
}

/** Whether both directories come from one initdb, which the first eight bytes of pg_control identify. */
async function sameSystem(one: PostgresServer, other: PostgresServer): Promise<boolean> {
  return (await systemIdentifier(one)) === (await systemIdentifier(other))
}

async function systemIdentifier(server: PostgresServer): Promise<string> {
  const file = await open(join(server.directory, 'global/pg_control'))
  try {
    return (await file.read(Buffer.alloc(8), 0, 8, 0)).buffer.toString('hex')
  } finally {
    await file.close()
  }
}

/** Folders whose contents belong to the running server alone, or are made anew at the start. */
const emptied =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/(.+)$/
const ofThisServer = /^(postmaster\.(pid|opts)|backup_label(\.old)?|standby\.signal)$/

/**
 * Makes a base backup without pg_basebackup, which the npm packages lack, by the low-level interface of the manual, chapter
 * 25.3.3. One connection must live from start to stop.
 */
async function rebuild(
  runtime: PostgresRuntime,
  server: PostgresServer,
  primary: PostgresServer,
): Promise<void> {
  const making = `${server.directory}.making`
  await step(runtime.say, `Postgres standby ${server.name}: copying ${primary.name}`, async () => {
    await stopServer(server, 'immediate')
    await removeTree(making)
    await removeTree(server.directory)
    const label = await asSuperuser(primary.port, async (session) => {
      await session.query('select pg_backup_start($1, fast => true)', [server.name])
      await copyTree(primary.directory, making, {
        account: runtime.account,
        wanted: (path) =>
          !ofThisServer.test(path) && (!emptied.test(path) || path === 'pg_wal/archive_status'),
      })
      const [stopped] = await session.query<{ labelfile: string }>(
        'select labelfile from pg_backup_stop(wait_for_archive => false)',
      )
      return stopped?.labelfile ?? ''
    })
    await writeOwned(runtime, join(making, 'backup_label'), label)
    await writeOwned(runtime, join(making, 'standby.signal'), '')
    await rename(making, server.directory)
  })
}

async function writeOwned(runtime: PostgresRuntime, file: string, text: string): Promise<void> {
  await writeFile(file, text)
  await chmod(file, 0o600)
  if (runtime.account !== null) await chown(file, runtime.account.uid, runtime.account.gid)
}
