import fc from 'fast-check'
import { type RandomDays, randomDays } from './random-days.ts'

/** Days without an end: those of PROPERTY_SEED, or others each time. `origin` says in a failure how to have the same again. */
export function sampleDays(): { origin: string; days: Generator<RandomDays, never> } {
  const seed = Number(process.env['PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  return { origin: `the days of PROPERTY_SEED=${seed}`, days: sampleFrom(seed) }
}

function* sampleFrom(seed: number): Generator<RandomDays, never> {
  for (let samples = 0; ; samples += 1) yield* fc.sample(randomDays, { seed: seed + samples, numRuns: 12 })
}
