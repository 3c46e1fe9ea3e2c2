import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { asAccount, type OsAccount } from './account.ts'

/** What makes a process ours: it works in a directory of ours and its command line names the program. */
export interface ProcessMark {
  directory: string
  program: string
}

/**
 * Whether the pid is a living process with that mark. A pid read from a file may be another process by now (after a killed
 * session, or a restart of the machine), so nothing is ever signalled on its number alone.
 */
export function isOurProcess(pid: number | null, mark: ProcessMark): pid is number {
  if (pid === null || !Number.isInteger(pid) || pid <= 1) return false
  try {
    const { directory, command } = process.platform === 'linux' ? inspectProc(pid) : inspectPs(pid)
    return directory === realpathSync(mark.directory) && command.includes(mark.program)
  } catch {
    // The process is gone, a zombie, or another user's: it is no server of ours that could be signalled.
    return false
  }
}

/** Whether any process has that pid, ours or not; one that has ended but was not collected yet has none. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function inspectProc(pid: number) {
  return {
    directory: readlinkSync(`/proc/${pid}/cwd`),
    command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
  }
}

/**
 * Finds the living processes with that mark whose pid file is lost, even when their directory was removed under them. Works on
 * Linux only; elsewhere none is found.
 */
export function findOurProcesses(mark: ProcessMark): number[] {
  if (process.platform !== 'linux') return []
  const home = realpathSync(mark.directory)
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => {
    try {
      const { directory, command } = inspectProc(pid)
      return directory.replace(/ \(deleted\)$/, '') === home && command.includes(mark.program)
    } catch {
      return false
    }
  })
}

function inspectPs(pid: number) {
  const options: { encoding: 'utf8'; stdio: 'pipe' } = { encoding: 'utf8', stdio: 'pipe' }
  const listed = execFileSync('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn'], options)
  return {
    directory:
      listed
        .split('\n')
        .find((line) => line.startsWith('n'))
        ?.slice(1) ?? '',
    command: execFileSync('ps', ['-o', 'args=', '-p', String(pid)], options),
  }
}

/** The number on the first line of a pid file; null when the file is missing or holds something else. */
export function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return Number.isInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

export interface DetachedProcess {
  command: string
  args: string[]
  directory: string
  logFile: string
  env: NodeJS.ProcessEnv
  account?: OsAccount | null
}

/**
 * Starts a process that outlives us, in a session of its own, with its output appended to the log. Returns its pid.
 * @throws Error when it cannot be started
 */
export function spawnDetached(wanted: DetachedProcess): number {
  const log = openSync(wanted.logFile, 'a')
  try {
    const child = spawn(wanted.command, wanted.args, {
      cwd: wanted.directory,
      detached: true,
      stdio: ['ignore', log, log],
      env: wanted.env,
      ...asAccount(wanted.account ?? null),
    })
    // A failed spawn reports through the pid below; the event would otherwise end the program.
    child.on('error', () => {})
    child.unref()
    if (child.pid === undefined) throw new Error(`${wanted.command} could not be started`)
    return child.pid
  } finally {
    closeSync(log)
  }
}

/**
 * Sends the signal and waits until the process is gone; after the deadline it is killed.
 * @returns false when there was nothing of ours to end
 */
export async function endProcess(
  pid: number | null,
  mark: ProcessMark,
  signal: NodeJS.Signals,
  deadlineMs: number,
): Promise<boolean> {
  if (!isOurProcess(pid, mark)) return false
  process.kill(pid, signal)
  const killAt = Date.now() + deadlineMs
  let killed = signal === 'SIGKILL'
  while (isOurProcess(pid, mark)) {
    if (!killed && Date.now() > killAt) {
      process.kill(pid, 'SIGKILL')
      killed = true
    }
    await sleep(20)
  }
  return true
}

/** The end of a log file, for a message that says why a server did not come up. */
export function logTail(file: string, lines = 12): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return '(no log)'
  }
}
