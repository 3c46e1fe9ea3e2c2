import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPythonPackages } from '../../scripts/python/install-packages.ts'
import { durationSeconds, type LoadScenario } from '../profiles/scenarios.ts'
import type { World } from '../profiles/world.ts'
import { locustPlan } from './locust-plan.ts'

const folder = join(import.meta.dirname, '../locust')
/** Users who begin in a second. */
const spawnRate = 100

/** Installs locust with pip into this clone. @returns the variables with which it is found */
export function installLocust(): Promise<{ PATH: string; PYTHONPATH: string }> {
  return installPythonPackages({
    purpose: 'locust',
    program: 'locust',
    folder: 'locust',
    requirements: join(folder, 'requirements.txt'),
  })
}

/**
 * Starts locust with a scenario.
 * @param args further arguments of locust: `--headless` does without its screen and ends after the scenario
 * @param directory where its files and reports go
 * @param stdio where its screen goes; by default to ours
 */
export async function startLocust(
  scenario: LoadScenario,
  world: World,
  {
    directory,
    args,
    stdio = 'inherit',
  }: { directory: string; args: readonly string[]; stdio?: StdioOptions },
): Promise<ChildProcess> {
  const python = await installLocust()
  mkdirSync(join(directory, 'history'), { recursive: true })
  const files = { WORLD: join(directory, 'world.json'), PLAN: join(directory, 'locust-plan.json') }
  // Tokens are in it.
  writeFileSync(files.WORLD, JSON.stringify(world), { mode: 0o600 })
  writeFileSync(files.PLAN, JSON.stringify(locustPlan(scenario)))
  const at = new Date().toISOString().replaceAll(':', '-')
  const report = join(directory, 'history', `${at}-${scenario.name}-locust`)
  const ending = args.includes('--headless')
    ? ['--stop-timeout', '60']
    : ['--web-host', '127.0.0.1', '--autostart']
  const options = {
    '--locustfile': join(folder, 'locustfile.py'),
    '--users': String(scenario.users),
    '--spawn-rate': String(spawnRate),
    '--run-time': `${Math.ceil(durationSeconds(scenario))}s`,
    '--html': `${report}.html`,
    '--csv': report,
  }
  return spawn('python3', ['-m', 'locust', ...Object.entries(options).flat(), ...ending, ...args], {
    stdio,
    env: { ...process.env, ...python, ...files, PYTHONDONTWRITEBYTECODE: '1' },
  })
}
