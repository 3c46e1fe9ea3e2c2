import { existsSync, readFileSync } from 'node:fs'
import { type LongestStalls, longestStalls } from '../../libs/local-stack/src/testing.ts'

/** A process of the fuzzed fleet. */
export interface FuzzedProcess {
  name: string
  pid: number
  /** Whether it still runs. */
  alive: () => boolean
  /** Where its stalls are recorded. */
  stallsFile: string
}

/** What a process has cost while it was fuzzed. */
export interface ProcessCost {
  name: string
  alive: boolean
  stalls: LongestStalls
  /** The most memory that it ever had resident; null where there is no `/proc`. */
  peakMegabytes: number | null
}

/** Reads what processes that are still running have cost. @param since milliseconds since 1970, before which stalls do not count */
export function readCosts(processes: readonly FuzzedProcess[], since: number): ProcessCost[] {
  return processes.map(({ name, pid, alive, stallsFile }) => ({
    name,
    alive: alive(),
    stalls: longestStalls(stallsFile, since),
    peakMegabytes: readPeak(pid),
  }))
}

function readPeak(pid: number): number | null {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return null
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1024
}

const mostStallMilliseconds = 100
const mostMegabytes = 300

/**
 * What is wrong with the processes, as sentences. A process that has ended is a fault of every run. Stalls and memory are judged only where
 * `judged` says so: after long runs, because a short one says little about memory.
 */
export function faultsOfProcesses(costs: readonly ProcessCost[], judged: boolean): string[] {
  return costs.flatMap((cost) => {
    if (!cost.alive) return [`${cost.name} ended while it was fuzzed`]
    return judged ? [...faultsOfStalls(cost), ...faultsOfMemory(cost)] : []
  })
}

function faultsOfStalls({ name, stalls: { busyMilliseconds } }: ProcessCost): string[] {
  if (busyMilliseconds <= mostStallMilliseconds) return []
  const stall = Math.round(busyMilliseconds)
  return [
    `${name} kept its event loop for ${stall} ms of processor time, and may for ${mostStallMilliseconds} ms`,
  ]
}

function faultsOfMemory({ name, peakMegabytes }: ProcessCost): string[] {
  if (peakMegabytes === null)
    return [`how much memory ${name} had is unknown, because there is no /proc here`]
  if (peakMegabytes <= mostMegabytes) return []
  return [`${name} had ${Math.round(peakMegabytes)} MB of memory resident, and may have ${mostMegabytes} MB`]
}
