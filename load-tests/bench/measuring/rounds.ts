import type { Sample } from './sample.ts'
import { type Spread, spreadOf } from './spread.ts'

/** Something that is measured, in turns with others. */
export interface Contender {
  name: string
  run: (seconds: number) => Promise<Sample>
}

export interface Series {
  name: string
  samples: Sample[]
}

export interface Turns {
  rounds: number
  seconds: number
  warmUpSeconds: number
  say: (line: string) => void
}

/**
 * Everybody warms up, then has a turn in each round (ABAB…), so that a machine that slows down or is shared slows all of
 * them down.
 */
export async function takeTurns(contenders: readonly Contender[], turns: Turns): Promise<Series[]> {
  const { rounds, seconds, warmUpSeconds, say } = turns
  if (warmUpSeconds > 0) for (const { run } of contenders) await run(warmUpSeconds)
  const series = contenders.map(({ name, run }) => ({ name, run, samples: [] as Sample[] }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { run, samples } of series) samples.push(await run(seconds))
  }
  for (const { name, samples } of series) {
    const speed = spreadOf(samples.map(({ perSecond }) => perSecond)) as Spread
    say(`  ${name}: ${Math.round(speed.median)}/s`)
  }
  return series.map(({ name, samples }) => ({ name, samples }))
}

/** How fast one is beside another, round by round, because only the turns of one round were under the same conditions. */
export function ratioOf(series: readonly Series[], name: string, ceiling: string): Spread | null {
  const find = (wanted: string) => series.find((one) => one.name === wanted)?.samples ?? []
  const above = find(ceiling)
  return spreadOf(
    find(name).map(({ perSecond }, round) => perSecond / (above[round]?.perSecond ?? Number.NaN)),
  )
}
