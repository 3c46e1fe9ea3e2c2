import { parseArgs } from 'node:util'

export interface FuzzOptions {
  /** How long calls are made, by all roles together; starting and stopping come on top. */
  seconds: number
  /** Whether the stalls and the memory of the processes are judged: only in the long form, `--minutes`. */
  judgesProcesses: boolean
  /** Makes a run generate what an earlier one did. */
  seed: number | null
  /** Leaves the fleet running afterwards, so that a curl line can be tried. */
  keep: boolean
}

/** What `make test` has time for. */
const shortSeconds = 150
const leastSeconds = 30

/** @throws one sentence about an argument that is not understood */
export function readOptions(args: string[]): FuzzOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const seconds =
    values.minutes === undefined ? Number(values.seconds ?? shortSeconds) : Number(values.minutes) * 60
  if (!(seconds >= leastSeconds))
    throw new Error(`Fuzz for at least ${leastSeconds} seconds: --seconds=150 or --minutes=30`)
  const seed = values.seed === undefined ? null : Number(values.seed)
  if (seed !== null && !Number.isSafeInteger(seed)) throw new Error('The seed is a whole number: --seed=7')
  return { seconds, judgesProcesses: values.minutes !== undefined, seed, keep: values.keep }
}
