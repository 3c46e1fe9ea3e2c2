import { type Goal, goalIds, judge, promises } from '../goals.ts'
import type { Series } from '../measuring/rounds.ts'
import { type Spread, spreadOf } from '../measuring/spread.ts'
import type { PartResult } from '../parts/part.ts'
import type { Settings } from '../settings.ts'
import type { Machine } from './machine.ts'

/** One contender, its runs put together. Latencies in milliseconds, costs in microseconds of processor time per request. */
export interface Measured {
  name: string
  runs: number
  perSecond: Spread
  p50: Spread
  p95: Spread
  p99: Spread
  serverMicroseconds: Spread | null
  postgresMicroseconds: Spread | null
}

export interface Report {
  format: 1
  /** ISO 8601. */
  at: string
  machine: Machine
  /** Numbers of a quick run mean little. */
  quick: boolean
  rounds: number
  secondsPerRun: number
  goals: Goal[]
  measured: Measured[]
}

export function makeReport(settings: Settings, machine: Machine, results: readonly PartResult[]): Report {
  const outcomes = Object.assign({}, ...results.map((result) => result.outcomes)) as PartResult['outcomes']
  return {
    format: 1,
    at: new Date().toISOString(),
    machine,
    quick: settings.quick,
    rounds: settings.rounds,
    secondsPerRun: settings.seconds,
    goals: goalIds
      .filter((id) => settings.parts.includes(promises[id].part))
      .map((id) => judge(id, outcomes[id] ?? { reason: 'not measured' })),
    measured: results.flatMap(({ series }) => series.map(summarise)),
  }
}

function summarise({ name, samples }: Series): Measured {
  type Numbers = {
    [K in keyof (typeof samples)[0]]: (typeof samples)[0][K] extends number | null ? K : never
  }
  const spread = (field: Numbers[keyof Numbers]) => {
    const values = samples.map((sample) => sample[field]).filter((value) => value !== null)
    const found = spreadOf(values)
    return found && { median: tidy(found.median), least: tidy(found.least), most: tidy(found.most) }
  }
  return {
    name,
    runs: samples.length,
    perSecond: spread('perSecond') as Spread,
    p50: spread('p50') as Spread,
    p95: spread('p95') as Spread,
    p99: spread('p99') as Spread,
    serverMicroseconds: spread('serverMicroseconds'),
    postgresMicroseconds: spread('postgresMicroseconds'),
  }
}

/** Four digits say more than enough. */
function tidy(value: number): number {
  return Number(value.toPrecision(4))
}
