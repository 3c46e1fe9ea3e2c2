import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from '@comanda/local-stack'

/** The unit of utime, stime, cutime and cstime in /proc: 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100

interface ProcessTimes {
  pid: number
  parent: number
  own: number
  /** The ticks of children that have ended. */
  ended: number
}

function timesOf(pid: number): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the process, which may hold anything, ends with the last bracket.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map(
      (index) => fields[index] ?? 0,
    ) as [number, number, number, number, number]
    return { pid, parent, own: user + system, ended: endedUser + endedSystem }
  } catch {
    return null
  }
}

const firstLine = (file: string) => Number(readFileSync(file, 'utf8').split('\n')[0])

/** Every process of the Postgres servers: the postmasters, what they started, their backends. */
export function postgresProcesses(stack: Stack): ProcessTimes[] {
  const pidFiles = stack.postgres.servers.map(({ directory }) => join(directory, 'postmaster.pid'))
  const masters = new Set(pidFiles.map(firstLine))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => timesOf(Number(name)) ?? [])
    .filter(({ pid, parent }) => masters.has(pid) || masters.has(parent))
}

/** Seconds of processor time of all of Postgres so far, standbys and ended backends included. */
export function postgresSeconds(stack: Stack): number {
  return postgresProcesses(stack).reduce((sum, { own, ended }) => sum + own + ended, 0) / ticksPerSecond
}

export function redisPids(stack: Stack): number[] {
  return stack.redis.nodes.map(({ directory }) => firstLine(join(directory, 'redis.pid')))
}
