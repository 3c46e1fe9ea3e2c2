import { spawn } from 'node:child_process'
import { loadDotEnv, stackEnvironment } from './fleet/environment.ts'
import { fleetStatus, resetFleet, startFleet, stopFleet } from './fleet/fleet.ts'
import { migrate, rebuildRollups, seed } from './fleet/preparation.ts'
import { serviceLog } from './fleet/service-process.ts'
import { findServices, serviceUrl } from './fleet/services.ts'
import { summary } from './fleet/summary.ts'
import { startTestStack } from './migrated-template.ts'
import { sayOnTerminal, saySilently } from './progress.ts'
import { type Stack, startStack, stopStack } from './stack.ts'
import { stackDirectory } from './stack-layout.ts'
import { devStack, testStack } from './stack-options.ts'

const env = process.env

const commands: Record<string, () => Promise<void>> = {
  async up() {
    const startedAt = performance.now()
    await startFleet(env)
    console.log(summary(await devStackQuietly(), env))
    console.log(
      `  (${((performance.now() - startedAt) / 1000).toFixed(1)} s; \`make logs\` follows the services)`,
    )
  },
  down: () => stopFleet(env),
  reset: () => resetFleet(env),
  async migrate() {
    await migrate(await startStack(devStack(env)), env, sayOnTerminal)
  },
  async seed() {
    const stack = await startStack(devStack(env))
    await migrate(stack, env, sayOnTerminal)
    await seed(stack, env, sayOnTerminal)
  },
  async 'rollups-rebuild'() {
    const stack = await startStack(devStack(env))
    await rebuildRollups(stack, env, sayOnTerminal)
  },
  async status() {
    for (const { service, pid, ready } of await fleetStatus(env)) {
      const state = pid === null ? 'stopped' : `${ready ? 'ready' : 'not ready'}, process ${pid}`
      console.log(`${service.name.padEnd(12)} ${serviceUrl(service)}  ${state}`)
    }
  },
  async env() {
    for (const [name, value] of Object.entries(stackEnvironment(await devStackQuietly(), env))) {
      console.log(`${name}=${value}`)
    }
  },
  async logs() {
    const directory = stackDirectory(devStack(env))
    const only = env.SERVICE ? env.SERVICE.split(',') : null
    const files = findServices(env)
      .filter((service) => only === null || only.includes(service.name))
      .map((service) => serviceLog(directory, service))
    if (files.length === 0) throw new Error(`There is no service called ${env.SERVICE}.`)
    spawn('tail', ['-n', '20', '-F', ...files], { stdio: 'inherit' })
  },
  async 'test-stack'() {
    await startTestStack(testStack(env))
  },
  'test-stack-down': () => stopStack(testStack(env)),
}

/** The servers run already, so nothing is worth saying. */
const devStackQuietly = (): Promise<Stack> => startStack({ ...devStack(env), say: saySilently })

loadDotEnv()
const command = commands[process.argv[2] ?? '']
if (command === undefined) {
  console.error(`Usage: cli.ts ${Object.keys(commands).join('|')}`)
  process.exit(64)
}
try {
  await command()
} catch (error) {
  console.error(env.DEBUG ? error : `comanda: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
