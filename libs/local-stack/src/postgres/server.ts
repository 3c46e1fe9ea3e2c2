import { readFileSync } from 'node:fs'
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Say } from '../progress.ts'
import type { OsAccount } from '../system/account.ts'
import { claimPort } from '../system/ports.ts'
import {
  endProcess,
  findOurProcesses,
  isOurProcess,
  logTail,
  readPid,
  spawnDetached,
} from '../system/processes.ts'
import type { PostgresBinaries } from './binaries.ts'
import { asSuperuser } from './connection.ts'
import { type PostgresSettings, renderSettings } from './settings.ts'

/** What every server of a stack shares. */
export interface PostgresRuntime {
  /** Finds the programs; called when the first server is made or started. */
  binaries: () => Promise<PostgresBinaries>
  account: OsAccount | null
  settings: PostgresSettings
  say: Say
}

/** One data directory with its port; the cluster knows which of them is the primary. */
export interface PostgresServer {
  name: string
  port: number
  directory: string
  logFile: string
}

/**
 * How a server ends: `fast` closes sessions and checkpoints, `immediate` and `kill` lose what is not on disk. `kill` ends
 * the processes of its sessions too (on Linux), which otherwise go on to commit for a moment.
 */
export type StopMode = 'fast' | 'immediate' | 'kill'
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const

const mark = (server: PostgresServer) => ({ directory: server.directory, program: 'postgres' })
const pidFile = (server: PostgresServer) => join(server.directory, 'postmaster.pid')

/** Whether the server's process lives, whether or not it answers. */
export function isRunning(server: PostgresServer): boolean {
  return isOurProcess(readPid(pidFile(server)), mark(server))
}

/**
 * Writes the configuration and starts the server, or does nothing when it runs already. Resolves when it answers.
 * @throws PortTaken, or Error with the end of its log when the server ends
 */
export async function startServer(
  runtime: PostgresRuntime,
  server: PostgresServer,
  settings: PostgresSettings = {},
): Promise<void> {
  // It still runs on the port that an earlier start gave it.
  if (isRunning(server) && listeningPort(server) !== server.port) await stopServer(server, 'fast')
  if (!isRunning(server)) {
    await claimPort({
      port: server.port,
      purpose: `Postgres (${server.name})`,
      remedy: 'stop it, or choose another with POSTGRES_PORT=5540.',
      mark: mark(server),
    })
    await dropForeignPidFile(server)
    await writeSettings(runtime, server, settings)
    await launch(runtime, server)
  }
  await waitUntilAnswering(server)
}

/** Writes postgresql.conf from the stack's settings, the port, and `settings`, of which the last win. */
export async function writeSettings(
  runtime: PostgresRuntime,
  server: PostgresServer,
  settings: PostgresSettings,
) {
  const file = join(server.directory, 'postgresql.conf')
  await writeFile(file, renderSettings({ ...runtime.settings, port: server.port, ...settings }))
  if (runtime.account !== null) await chown(file, runtime.account.uid, runtime.account.gid)
}

/** Postgres refuses to start when the pid in its file now belongs to another process; the file is then worthless. */
async function dropForeignPidFile(server: PostgresServer): Promise<void> {
  await rm(pidFile(server), { force: true })
}

async function launch(runtime: PostgresRuntime, server: PostgresServer): Promise<void> {
  await mkdir(dirname(server.logFile), { recursive: true })
  const { postgres } = await runtime.binaries()
  const deadline = Date.now() + 15_000
  for (;;) {
    const pid = spawnDetached({
      command: postgres,
      args: ['-D', server.directory],
      directory: server.directory,
      logFile: server.logFile,
      env: serverEnvironment,
      account: runtime.account,
    })
    if (await cameUp(server, pid)) return
    const tail = logTail(server.logFile)
    // The backends of a killed server need a moment to notice; until then its shared memory is in use.
    if (!tail.includes('shared memory block') || Date.now() > deadline) {
      throw new Error(`${server.name} did not start. The end of ${server.logFile}:\n${tail}`)
    }
    await sleep(200)
  }
}

/** The environment of the servers, without our own variables, of which some (PGDATA, PGPORT …) would change what they do. */
export const serverEnvironment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/** Waits until the server listens, which the last line of postmaster.pid says. Returns false when the process has ended. */
async function cameUp(server: PostgresServer, pid: number): Promise<boolean> {
  while (isOurProcess(pid, { directory: server.directory, program: 'postgres' })) {
    if (/^(ready|standby)\s*$/m.test(readPidFile(server))) return true
    await sleep(20)
  }
  return false
}

function readPidFile(server: PostgresServer): string {
  try {
    return readFileSync(pidFile(server), 'utf8')
  } catch {
    return ''
  }
}

/** The port that the running server listens on, from the fourth line of postmaster.pid. */
const listeningPort = (server: PostgresServer) => Number(readPidFile(server).split('\n')[3])

async function waitUntilAnswering(server: PostgresServer): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      await asSuperuser(server.port, (session) => session.query('select 1'))
      return
    } catch (cause) {
      if (Date.now() > deadline || !isRunning(server)) {
        const tail = logTail(server.logFile)
        throw new Error(`${server.name} does not answer. The end of ${server.logFile}:\n${tail}`, { cause })
      }
      await sleep(50)
    }
  }
}

/** Ends the server and waits until it is gone, at most 20 s before it is killed. Returns false when it did not run. */
export async function stopServer(server: PostgresServer, mode: StopMode): Promise<boolean> {
  const ran = await endProcess(readPid(pidFile(server)), mark(server), signals[mode], 20_000)
  if (ran && mode === 'kill') {
    const orphans = findOurProcesses(mark(server))
    await Promise.all(orphans.map((pid) => endProcess(pid, mark(server), 'SIGKILL', 0)))
  }
  return ran
}

/** Gives the directory the owner and mode that Postgres demands. */
export async function protectDirectory(runtime: PostgresRuntime, directory: string): Promise<void> {
  await chmod(directory, 0o700)
  if (runtime.account !== null) await chown(directory, runtime.account.uid, runtime.account.gid)
}
