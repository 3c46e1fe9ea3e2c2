/**
 * Has locust do what users do, with its screen at http://127.0.0.1:8089:
 *
 *   make load-locust                          ARGS="rush --headless" for another scenario, and without the screen
 *
 * The scenario comes first (10-users), arguments of locust follow. Variables are those of load-tests/run/run.ts.
 */
import { once } from 'node:events'
import type { World } from '../profiles/world.ts'
import { startOwnFleet } from './own-fleet.ts'
import { registerWorld } from './register-world.ts'
import { type RunSettings, readSettings } from './settings.ts'
import { startLocust } from './start-locust.ts'

const [first = '10-users', ...others] = process.argv.slice(2)
const [name, args] = first.startsWith('--') ? ['10-users', [first, ...others]] : [first, others]

async function run({ scenario, directory }: RunSettings, world: World): Promise<void> {
  const locust = await startLocust(scenario, world, { directory, args })
  const [code] = (await once(locust, 'close')) as [number | null]
  process.exitCode = code ?? 1
}

try {
  const settings = readSettings(name, process.env)
  const { address, customers, tokenSeconds } = settings
  if (address) await run(settings, await registerWorld({ ...settings, ...address }))
  else {
    console.log('starting a fleet for the run (COMANDA_URL names another one)')
    const fleet = await startOwnFleet({ customers, tokenSeconds })
    // Ctrl-C ends locust, which this waits for, and then the fleet.
    process.on('SIGINT', () => {})
    try {
      await run(settings, fleet.world)
    } finally {
      await fleet.stop()
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
