import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A time at which the event loop of a process did not turn for 20 ms or more. */
interface Stall {
  /** When it ended, in milliseconds since 1970. */
  at: number
  /** The processor time that the main thread used. */
  busyMilliseconds: number
  /** How long it took by the clock. */
  waitedMilliseconds: number
}

/** The longest stalls of a process, in milliseconds; 0 when there was none. */
export interface LongestStalls {
  /**
   * By the processor time that the main thread used between two turns of its event loop. This is what the program itself has caused: time
   * in which the machine ran something else does not count, however busy the machine is.
   */
  busyMilliseconds: number
  /** By the clock, which also counts what the machine did meanwhile. */
  waitedMilliseconds: number
}

/**
 * Returns the environment with which a process of Node records its stalls, and begins the file for them anew.
 * @param nodeOptions what else NODE_OPTIONS holds
 */
export function recordStalls(file: string, nodeOptions = ''): Record<'NODE_OPTIONS', string> {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  const recorder = new URL('record-stalls.ts', import.meta.url)
  recorder.searchParams.set('file', file)
  return { NODE_OPTIONS: `${nodeOptions} --import=${recorder.href}`.trim() }
}

/** Reads the longest stalls of a process. @param since milliseconds since 1970, before which stalls do not count */
export function longestStalls(file: string, since: number): LongestStalls {
  const stalls = readFileSync(file, 'utf8')
    .split('\n')
    // The last line may not be whole yet.
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Stall)
    .filter(({ at }) => at >= since)
  return {
    busyMilliseconds: Math.max(0, ...stalls.map(({ busyMilliseconds }) => busyMilliseconds)),
    waitedMilliseconds: Math.max(0, ...stalls.map(({ waitedMilliseconds }) => waitedMilliseconds)),
  }
}
