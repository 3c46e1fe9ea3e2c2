import type { Spread } from './measuring/spread.ts'
import type { PartName } from './settings.ts'

type Unit = 'ratio' | 'share' | 'ms' | 'MB'

interface Promised {
  part: PartName
  title: string
  /** What it is a ratio to; empty for what is measured by itself. */
  beside: string
  unit: Unit
  required: number
  aim: number
}

const bareBuffer = 'bare Fastify sending the same bytes'

/** What is required of the service and what it aims at. Ratios are throughput beside a ceiling that was built in the same run. */
export const promises = {
  'menu-l1': {
    part: 'menu',
    title: 'menu, L1 hit',
    beside: bareBuffer,
    unit: 'ratio',
    required: 0.5,
    aim: 0.75,
  },
  'menu-304': {
    part: 'menu',
    title: 'menu, 304 revalidation',
    beside: 'bare Fastify answering 304',
    unit: 'ratio',
    required: 0.55,
    aim: 0.85,
  },
  'menu-l2': {
    part: 'menu',
    title: 'menu, L2 hit',
    beside: bareBuffer,
    unit: 'ratio',
    required: 0.25,
    aim: 0.4,
  },
  'place-order': {
    part: 'placing',
    title: 'placing a three-line order',
    beside: 'pgbench, same SQL and connections',
    unit: 'ratio',
    required: 0.45,
    aim: 0.6,
  },
  'move-order': {
    part: 'moving',
    title: 'moving an order',
    beside: 'pgbench, same SQL and connections',
    unit: 'ratio',
    required: 0.25,
    aim: 0.4,
  },
  'list-orders': {
    part: 'list',
    title: 'list of 20 orders with items, replica',
    beside: 'bare Fastify serialising the same object',
    unit: 'ratio',
    required: 0.15,
    aim: 0.3,
  },
  'place-p99': {
    part: 'placing',
    title: 'p99 of placing at half the maximum rate, open loop',
    beside: '',
    unit: 'ms',
    required: 25,
    aim: 10,
  },
  memory: {
    part: 'mix',
    title: 'resident memory of orders after the run',
    beside: '',
    unit: 'MB',
    required: 200,
    aim: 130,
  },
  'hit-rate': {
    part: 'mix',
    title: 'cache hit rate under the standard mix',
    beside: '',
    unit: 'share',
    required: 0.85,
    aim: 0.95,
  },
} as const satisfies Record<string, Promised>

export type GoalId = keyof typeof promises
export const goalIds = Object.keys(promises) as GoalId[]

/** What came out: numbers, or the reason why there are none. */
export type GoalOutcome = { measured: Spread; byProcessor?: Spread | null } | { reason: string }

export interface Goal extends Promised {
  id: GoalId
  measured: Spread | null
  /** The ratio of processor time per request; null where it was not measured. */
  byProcessor: Spread | null
  reason: string | null
  verdict: 'aim met' | 'met' | 'missed' | 'not measured'
}

export function judge(id: GoalId, outcome: GoalOutcome): Goal {
  const promised: Promised = promises[id]
  if ('reason' in outcome)
    return {
      id,
      ...promised,
      measured: null,
      byProcessor: null,
      reason: outcome.reason,
      verdict: 'not measured',
    }
  const { measured, byProcessor = null } = outcome
  const lessIsMore = promised.unit === 'ms' || promised.unit === 'MB'
  const reaches = (bound: number) => (lessIsMore ? measured.median <= bound : measured.median >= bound)
  const verdict = reaches(promised.aim) ? 'aim met' : reaches(promised.required) ? 'met' : 'missed'
  return { id, ...promised, measured, byProcessor, reason: null, verdict }
}
