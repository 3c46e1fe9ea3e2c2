import type { Sample } from './sample.ts'
import { type Spread, spreadOf } from './spread.ts'

/** Something that is measured, in rounds with others. */
export interface Contender {
  name: string
  run: (seconds: number) => Promise<Sample>
}

export interface Series {
  name: string
  samples: Sample[]
}

export interface RoundsOptions {
  rounds: number
  seconds: number
  warmUpSeconds: number
  say: (line: string) => void
}

/**
 * Every contender warms up, then runs once in each round (ABAB…), so that a machine that slows down or is shared slows all of
 * them down.
 */
export async function runRounds(contenders: readonly Contender[], runs: RoundsOptions): Promise<Series[]> {
  const { rounds, seconds, warmUpSeconds, say } = runs
  if (warmUpSeconds > 0) for (const { run } of contenders) await run(warmUpSeconds)
  const series = contenders.map(({ name, run }) => ({ name, run, samples: [] as Sample[] }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { run, samples } of series) samples.push(await run(seconds))
  }
  for (const { name, samples } of series) {
    const speed = spreadOf(samples.map(({ perSecond }) => perSecond)) as Spread
    const each = samples.map(({ perSecond }) => Math.round(perSecond)).join(', ')
    say(`  ${name}: ${Math.round(speed.median)}/s${rounds > 1 ? ` (${each})` : ''}`)
  }
  return series.map(({ name, samples }) => ({ name, samples }))
}

/** One beside another, round by round, because only the runs of one round were under the same conditions. */
export interface Ratios {
  /** The ratio of requests per second. */
  measured: Spread
  /** The ceiling's processor time per request to ours, in which other work on the machine does not count; null when not known. */
  byProcessor: Spread | null
}

/** @param cost microseconds per request that count for `byProcessor`. Returns null when one of the two did not run. */
export function ratiosOf(
  series: readonly Series[],
  name: string,
  ceiling: string,
  cost: (sample: Sample) => number | null,
): Ratios | null {
  const find = (wanted: string) => series.find((one) => one.name === wanted)?.samples ?? []
  const pairs = find(name).flatMap((ours, round) => {
    const above = find(ceiling)[round]
    return above ? [{ ours, above }] : []
  })
  const measured = spreadOf(pairs.map(({ ours, above }) => ours.perSecond / above.perSecond))
  const costs = pairs.map(({ ours, above }) => (cost(above) ?? Number.NaN) / (cost(ours) ?? Number.NaN))
  return measured && { measured, byProcessor: spreadOf(costs.filter(Number.isFinite)) }
}

/** Where Postgres has a core of its own, or none to do. */
export const serverCost = ({ serverMicroseconds }: Sample) => serverMicroseconds

/** Where everybody shares the cores. */
export const wholeCost = ({ serverMicroseconds, postgresMicroseconds }: Sample) =>
  postgresMicroseconds === null ? null : postgresMicroseconds + (serverMicroseconds ?? 0)
