import type { ProfileName } from './profiles.ts'

/** What must hold in a run; left out: it is only reported. */
export interface Objectives {
  p95Milliseconds: number
  p99Milliseconds?: number
  /** The largest share of requests that may fail, from 0 to 1. */
  errorShare: number
  /** The least of requests per second. */
  requestsPerSecond?: number
  /** The least of orders per second. */
  ordersPerSecond?: number
  /** From the answer to an order until a socket shows it. */
  eventP95Milliseconds?: number
  /** Sockets that were not let in, or were closed, and events that did not come. */
  socketFaults?: number
  /** Whether a duration that is missed fails the run. On a machine that does other work too, it is only printed. Default: decides. */
  latency?: Latency
}

export const latencies = ['decides', 'printed'] as const
export type Latency = (typeof latencies)[number]

/** So many seconds on the way to another number of users. */
export interface Stage {
  seconds: number
  users: number
}

export interface LoadScenario {
  name: ScenarioName
  /** What it is for, as a sentence. */
  purpose: string
  /** How many there are at the beginning. */
  users: number
  /** The mean pause of a user between two actions. */
  thinkSeconds: number
  /** From the beginning to the end. The number of users changes evenly within a stage. */
  stages: readonly Stage[]
  mix: readonly { profile: ProfileName; weight: number }[]
  objectives: Objectives
}

export const scenarioNames = [
  '10-users',
  '50-users',
  '100-users',
  'profiles',
  'rush',
  'spike',
  'soak',
  'sockets',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

const normal = [{ profile: 'normal', weight: 1 }] as const
const small = { errorShare: 0.001, requestsPerSecond: 50 }
/** A promise of the fleet for a rush, in which 5,000 users place 12,500 orders in half an hour. */
const rush = {
  p95Milliseconds: 95,
  p99Milliseconds: 150,
  errorShare: 0.0002,
  ordersPerSecond: 12_500 / 1800,
}

export const scenarios: Readonly<Record<ScenarioName, LoadScenario>> = {
  '10-users': {
    name: '10-users',
    purpose: 'Ten hurried users, as a check of every change.',
    users: 10,
    thinkSeconds: 0.12,
    stages: [{ seconds: 60, users: 10 }],
    mix: normal,
    objectives: { ...small, p95Milliseconds: 120 },
  },
  '50-users': {
    name: '50-users',
    purpose: 'Fifty users who hardly pause.',
    users: 50,
    thinkSeconds: 0.5,
    stages: [{ seconds: 120, users: 50 }],
    mix: normal,
    objectives: { ...small, p95Milliseconds: 200 },
  },
  '100-users': {
    name: '100-users',
    purpose: 'A hundred users who pause for a second.',
    users: 100,
    thinkSeconds: 1,
    stages: [{ seconds: 180, users: 100 }],
    mix: normal,
    objectives: { ...small, p95Milliseconds: 200 },
  },
  profiles: {
    name: 'profiles',
    purpose: 'Fifty users, of whom one in ten asks for much.',
    users: 50,
    thinkSeconds: 0.5,
    stages: [{ seconds: 120, users: 50 }],
    mix: [
      { profile: 'normal', weight: 9 },
      { profile: 'heavy', weight: 1 },
    ],
    objectives: { ...small, p95Milliseconds: 200 },
  },
  rush: {
    name: 'rush',
    purpose: 'The lunch break of a campus: 5,000 users at once.',
    users: 5000,
    thinkSeconds: 60,
    stages: [{ seconds: 300, users: 5000 }],
    mix: normal,
    objectives: rush,
  },
  spike: {
    name: 'spike',
    purpose: 'A lecture ends: ten times as many within ten seconds, and back again.',
    users: 500,
    thinkSeconds: 60,
    stages: [
      { seconds: 60, users: 500 },
      { seconds: 10, users: 5000 },
      { seconds: 60, users: 5000 },
      { seconds: 10, users: 500 },
      { seconds: 60, users: 500 },
    ],
    mix: normal,
    objectives: { p95Milliseconds: 200, p99Milliseconds: 500, errorShare: 0.001 },
  },
  soak: {
    name: 'soak',
    purpose: 'An hour of an ordinary day, to find what grows.',
    users: 1000,
    thinkSeconds: 60,
    stages: [{ seconds: 3600, users: 1000 }],
    mix: [
      { profile: 'normal', weight: 9 },
      { profile: 'heavy', weight: 1 },
    ],
    objectives: { p95Milliseconds: 120, p99Milliseconds: 250, errorShare: 0.0002 },
  },
  sockets: {
    name: 'sockets',
    purpose: 'Customers who follow their order on a socket until it is ready.',
    users: 300,
    thinkSeconds: 60,
    stages: [{ seconds: 120, users: 300 }],
    mix: [{ profile: 'sockets', weight: 1 }],
    objectives: { p95Milliseconds: 200, errorShare: 0.001, eventP95Milliseconds: 500, socketFaults: 0 },
  },
}

/** Whether users wait for the answer before they pause, as a few do; a crowd comes whatever the answers take. */
export const isCrowd = ({ users, stages }: LoadScenario): boolean =>
  Math.max(users, ...stages.map((stage) => stage.users)) > 100

/** The scenario for another length, with each stage in proportion. @param seconds null: as it is */
export function lasting(scenario: LoadScenario, seconds: number | null): LoadScenario {
  if (seconds === null) return scenario
  const factor = seconds / durationSeconds(scenario)
  const stages = scenario.stages.map((stage) => ({ ...stage, seconds: stage.seconds * factor }))
  return { ...scenario, stages }
}

/** The scenario with durations that decide or are only printed; everything else decides in any case. */
export function withLatency(scenario: LoadScenario, latency: Latency): LoadScenario {
  return { ...scenario, objectives: { ...scenario.objectives, latency } }
}

export function durationSeconds({ stages }: Pick<LoadScenario, 'stages'>): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** How many users there are so many seconds after the beginning. */
export function usersAt({ users, stages }: Pick<LoadScenario, 'users' | 'stages'>, seconds: number): number {
  let from = users
  let left = seconds
  for (const stage of stages) {
    if (left < stage.seconds) return from + ((stage.users - from) * left) / stage.seconds
    left -= stage.seconds
    from = stage.users
  }
  return from
}
