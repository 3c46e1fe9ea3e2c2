import { join } from 'node:path'
import {
  durationSeconds,
  type LoadScenario,
  lasting,
  latencies,
  scenarioNames,
  scenarios,
  withLatency,
} from '../profiles/scenarios.ts'

/** What a run is told by its arguments and variables. */
export interface RunSettings {
  scenario: LoadScenario
  /** Where the fleet is; null: one is started for the run. */
  address: { url: string; gatewayUrl: string } | null
  /** Accounts for the run. */
  customers: number
  staff: { email: string; password: string } | null
  /** How long access tokens must be valid: the run, and what comes before and after it. */
  tokenSeconds: number
  /** The key that signs access tokens of the fleet at the address. */
  accessTokenSecret: string | null
  /** Which program makes the load; k6 when there is one. */
  runner: 'k6' | 'node' | null
  /** Where summaries go. */
  directory: string
}

const root = join(import.meta.dirname, '../..')
/** With an account each, opening them would take longer than the run. */
const mostRegistered = 200
const mostInserted = 5000
/** For accounts to be opened, and for what was begun to come to its end. */
const marginSeconds = 300

/** @throws a sentence about the argument or the variable that is wrong */
export function readSettings(argument: string | undefined, env: NodeJS.ProcessEnv): RunSettings {
  const name = scenarioNames.find((name) => name === argument)
  if (name === undefined)
    throw new Error(`"${argument ?? ''}" is no scenario: there are ${scenarioNames.join(', ')}.`)
  const latency = latencies.find((one) => one === (env['LATENCY'] || 'decides'))
  if (latency === undefined)
    throw new Error(`LATENCY must be ${latencies.join(' or ')}, not "${env['LATENCY']}".`)
  const scenario = withLatency(lasting(scenarios[name], positive(env, 'SECONDS')), latency)
  const most = Math.max(scenario.users, ...scenario.stages.map(({ users }) => users))
  const url = address(env, 'COMANDA_URL')
  const runner = env['RUNNER'] || null
  if (runner !== null && runner !== 'k6' && runner !== 'node')
    throw new Error(`RUNNER must be k6 or node, not "${runner}".`)
  return {
    scenario,
    runner,
    address: url === null ? null : { url, gatewayUrl: address(env, 'COMANDA_REALTIME_URL') ?? url },
    customers: Math.round(positive(env, 'CUSTOMERS') ?? Math.min(most, url ? mostRegistered : mostInserted)),
    staff: staffOf(env),
    tokenSeconds: durationSeconds(scenario) + marginSeconds,
    accessTokenSecret: env['ACCESS_TOKEN_SECRET'] || null,
    directory: env['SUMMARIES'] || join(root, '.comanda/load-tests'),
  }
}

/** A variable that is a number above 0; null: it is not set. @throws a sentence when it is something else */
export function positive(env: NodeJS.ProcessEnv, name: string): number | null {
  const text = env[name]
  if (!text) return null
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value)))
    throw new Error(`${name} must be a number above 0, not "${text}".`)
  return value
}

function address(env: NodeJS.ProcessEnv, name: string): string | null {
  const text = env[name]
  if (!text) return null
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new Error(`${name} must be an address as in https://api.example.com, not "${text}".`)
  return text.endsWith('/') ? text.slice(0, -1) : text
}

/** Who moves the orders at an address. The demo staff works at every cafeteria of the demo campus. */
function staffOf(env: NodeJS.ProcessEnv): RunSettings['staff'] {
  const email = env['STAFF_EMAIL']
  const password = env['STAFF_PASSWORD']
  if (!email && !password) return null
  if (!email || !password)
    throw new Error('STAFF_EMAIL and STAFF_PASSWORD belong together: set both or neither.')
  return { email, password }
}
