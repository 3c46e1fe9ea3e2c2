import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Say, sayOnTerminal, step } from '../progress.ts'
import { resetStack, type Stack, startStack, stopStack } from '../stack.ts'
import { stackDirectory } from '../stack-layout.ts'
import { withStackLock } from '../stack-lock.ts'
import { devStack } from '../stack-options.ts'
import { serviceEnvironment, stackEnvironment } from './environment.ts'
import { fingerprint } from './fingerprint.ts'
import { migrate, seedOnce } from './preparation.ts'
import { isReady, runningRecord, startService, stopService, waitUntilReady } from './service-process.ts'
import { findServices, type ServiceDefinition } from './services.ts'

/** Starts the stack, applies the schema and the seeds and starts every service; all of them are ready when it resolves. */
export async function startFleet(env: NodeJS.ProcessEnv, say: Say = sayOnTerminal): Promise<void> {
  await exclusively(env, say, async () => {
    const stack = await startStack({ ...devStack(env), say })
    await migrate(stack, env, say)
    await seedOnce(stack, env, say)
    const services = findServices(env)
    const wanted = codeFingerprint(stack, env)
    const changed = services.filter((service) => !runsAs(stack, service, wanted))
    for (const service of changed) await restart(stack, service, env, wanted, say)
    await step(say, 'waiting until every service is ready', () =>
      Promise.all(services.map((service) => waitUntilReady(stack.directory, service))),
    )
  })
}

/** Ends the services, which drain first, and then the servers. The data stays. */
export async function stopFleet(env: NodeJS.ProcessEnv, say: Say = sayOnTerminal): Promise<void> {
  await exclusively(env, say, async () => {
    await stopServices(env, say)
    say('stopping Postgres and Redis')
    await stopStack({ ...devStack(env), say })
  })
}

/** Ends the services and the servers as `stopFleet` does, and forgets the data. */
export async function resetFleet(env: NodeJS.ProcessEnv, say: Say = sayOnTerminal): Promise<void> {
  await exclusively(env, say, async () => {
    await stopServices(env, say)
    say('stopping Postgres and Redis, and forgetting their data')
    await resetStack({ ...devStack(env), say })
  })
}

export interface ServiceStatus {
  service: ServiceDefinition
  /** Null when it does not run. */
  pid: number | null
  ready: boolean
}

/** Which services run and are ready, by port. */
export function fleetStatus(env: NodeJS.ProcessEnv): Promise<ServiceStatus[]> {
  const directory = stackDirectory(devStack(env))
  return Promise.all(
    findServices(env).map(async (service) => {
      const pid = runningRecord(directory, service)?.pid ?? null
      return { service, pid, ready: pid !== null && (await isReady(service)) }
    }),
  )
}

async function stopServices(env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const directory = stackDirectory(devStack(env))
  const running = findServices(env).filter((service) => runningRecord(directory, service) !== null)
  if (running.length === 0) return
  const names = running.map((service) => service.name).join(', ')
  await step(say, `stopping ${names}`, () =>
    Promise.all(running.map((service) => stopService(directory, service))),
  )
}

async function restart(
  stack: Stack,
  service: ServiceDefinition,
  env: NodeJS.ProcessEnv,
  wanted: string,
  say: Say,
): Promise<void> {
  const ended = await stopService(stack.directory, service)
  say(`${ended ? 'restarting' : 'starting'} ${service.name} on port ${service.port}`)
  await startService(stack.directory, service, serviceEnvironment(service, stack, env), wanted)
}

const runsAs = (stack: Stack, service: ServiceDefinition, wanted: string) =>
  runningRecord(stack.directory, service)?.fingerprint === wanted

/** Any change below services or libs restarts everything: a service takes a second, working out whom it concerns more. */
function codeFingerprint(stack: Stack, env: NodeJS.ProcessEnv): string {
  const ours = Object.entries(env).filter(([name]) => !unrelated.test(name))
  const environment = { ...Object.fromEntries(ours), ...stackEnvironment(stack, env) }
  return fingerprint(['services', 'libs', 'pnpm-lock.yaml', '.env'], environment)
}

/** Variables that shells, terminals and make change from one command to the next. */
const unrelated =
  /^(_|SHLVL|PWD|OLDPWD|MAKE.*|MFLAGS|TERM.*|COLUMNS|LINES|SSH_.*|WINDOWID|XDG_.*|npm_.*|ORDERS)$/

/** Holds a lock beside the stack's own directory, which `reset` removes. */
async function exclusively(env: NodeJS.ProcessEnv, say: Say, work: () => Promise<void>): Promise<void> {
  const directory = join(stackDirectory(devStack(env)), '..', 'fleet')
  if (!existsSync(directory)) mkdirSync(directory, { recursive: true })
  await withStackLock(directory, say, work)
}
