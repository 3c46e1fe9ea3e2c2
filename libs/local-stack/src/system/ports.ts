import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findOurProcesses, type ProcessMark } from './processes.ts'

/** Whether a process listens on the port of this machine. It is found out by listening ourselves, which disturbs nobody. */
function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    )
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(false)))
  })
}

/** Another program listens on a port that is wanted. */
export class PortTaken extends Error {}

export interface WantedPort {
  port: number
  /** Who is to listen there. */
  purpose: string
  /** What a person can do about another program there, as the end of a sentence. */
  remedy: string
  /** Which processes are ours. */
  mark: ProcessMark
}

/**
 * Makes sure that the port can be listened on. Servers of ours that hold it although their pid file is lost
 * (somebody removed .comanda under them) are ended; nobody else is touched.
 * @throws PortTaken, one sentence that names the port, what wanted it, and the way out
 */
export async function claimPort(wanted: WantedPort): Promise<void> {
  const { port, purpose, remedy, mark } = wanted
  if (!(await isPortTaken(port))) return
  for (const pid of findOurProcesses(mark)) killIfAlive(pid)
  // The threads of a process that has just ended keep its sockets for a moment.
  for (const deadline = Date.now() + 1_500; Date.now() < deadline; await sleep(50)) {
    if (!(await isPortTaken(port))) return
  }
  const stranger = `${holder(port)}, which is not ours`
  throw new PortTaken(`Port ${port}, wanted for ${purpose}, is taken by ${stranger}: ${remedy}`)
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended between being listed and being signalled.
  }
}

/** Names whoever listens there as well as the machine lets us know it. */
function holder(port: number): string {
  const asked = spawnSync('ss', ['-ltnpH', `sport = :${port}`], { encoding: 'utf8' })
  const found = /\("([^"]+)",pid=(\d+)/.exec(asked.stdout ?? '')
  return found === null ? 'another program' : `${found[1]} (process ${found[2]})`
}

/**
 * Finds the first of `count` consecutive free ports, of which those `alsoOffset` higher are free too. They lie below the range
 * from which kernels choose ports, so that an outgoing connection does not take one between the check and its use.
 * @throws Error when none are found
 */
export async function findFreePorts(count: number, alsoOffset = 0): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = randomInt(11_000, 21_000)
    if (await allFree(first, count, alsoOffset)) return first
  }
  throw new Error(`No ${count} consecutive free ports were found`)
}

async function allFree(first: number, count: number, alsoOffset: number): Promise<boolean> {
  for (let port = first; port < first + count; port += 1) {
    if (await isPortTaken(port)) return false
    if (alsoOffset > 0 && (await isPortTaken(port + alsoOffset))) return false
  }
  return true
}
