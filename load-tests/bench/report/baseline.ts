import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Goal } from '../goals.ts'
import type { Measured, Report } from './report.ts'

/** What later runs are compared with: only what depends little on the machine. */
export interface Baseline {
  format: 1
  at: string
  processor: string
  /** The values of goals that are ratios or shares, by title. */
  ratios: Record<string, number>
  /** Microseconds of processor time per request, by what was measured in several runs: one alone varies too much. */
  microseconds: Record<string, number>
}

export interface BaselineChange {
  title: string
  before: number
  after: number
  verdict: 'better' | 'same' | 'worse'
}

const file = join(import.meta.dirname, '../baseline.json')

/** What differs by less may be noise. */
const tolerance = 0.2

export async function readBaseline(): Promise<Baseline | null> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Baseline) : null
}

export async function saveBaseline(report: Report): Promise<void> {
  await writeFile(file, `${JSON.stringify(baselineOf(report), null, 2)}\n`)
}

export function baselineOf({ at, machine, goals, measured }: Report): Baseline {
  return {
    format: 1,
    at,
    processor: machine.processor,
    ratios: Object.fromEntries(goals.flatMap(ratioOf)),
    microseconds: Object.fromEntries(measured.flatMap(costOf)),
  }
}

function ratioOf({ title, unit, measured, byProcessor }: Goal): [string, number][] {
  if (measured === null || (unit !== 'ratio' && unit !== 'share')) return []
  const entries: [string, number | undefined][] = [
    [title, measured.median],
    [`${title}, by processor time`, byProcessor?.median],
  ]
  return entries.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Number(value.toPrecision(3))]],
  )
}

function costOf({ name, runs, serverMicroseconds, postgresMicroseconds }: Measured): [string, number][] {
  if (runs === 1) return []
  const costs: [string, number | undefined][] = [
    [name, serverMicroseconds?.median],
    [`${name}, Postgres`, postgresMicroseconds?.median],
  ]
  return costs.flatMap(([title, value]) => (value === undefined ? [] : [[title, Math.round(value)]]))
}

/** What both have, the baseline's order. A ratio is better when it is higher, a cost when it is lower. */
export function compareWith(baseline: Baseline, report: Report): BaselineChange[] {
  const now = baselineOf(report)
  const compare = (
    title: string,
    before: number,
    after: number | undefined,
    sign: 1 | -1,
  ): BaselineChange[] => {
    if (after === undefined || before === 0) return []
    const gain = sign * (after / before - 1)
    return [
      { title, before, after, verdict: gain > tolerance ? 'better' : gain < -tolerance ? 'worse' : 'same' },
    ]
  }
  return [
    ...Object.entries(baseline.ratios).flatMap(([title, before]) =>
      compare(title, before, now.ratios[title], 1),
    ),
    ...Object.entries(baseline.microseconds).flatMap(([title, before]) =>
      compare(`${title} (µs)`, before, now.microseconds[title], -1),
    ),
  ]
}
