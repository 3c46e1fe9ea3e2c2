/**
 * Has users do what they do, for as long as a scenario takes, and compares what they met with the objectives:
 *
 *   make load-10-users      and load-50-users, load-100-users, load-profiles, load-rush, load-spike, load-soak, load-sockets
 *
 * k6 does it where it is on the path, otherwise a runner of this project, which needs nothing.
 *
 * COMANDA_URL    where orders listens, without limits (a fleet is started for the run)
 * COMANDA_REALTIME_URL    where the gateways listen (COMANDA_URL)
 * STAFF_EMAIL, STAFF_PASSWORD    an account that moves orders at COMANDA_URL (orders stay as they were placed)
 * ACCESS_TOKEN_SECRET    that of the fleet at COMANDA_URL, for runs of more than eight minutes
 * SECONDS        another length: each stage in proportion      CUSTOMERS   accounts (one for each user, but 200 at COMANDA_URL)
 * RUNNER         k6 or node                                    SUMMARIES   where summaries go (.comanda/load-tests)
 * LATENCY        printed: durations that are missed do not fail the run, on a machine that does other work too (decides)
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { durationSeconds } from '../profiles/scenarios.ts'
import type { World } from '../profiles/world.ts'
import { runScenario } from '../runner/run-scenario.ts'
import { judge, succeeded } from '../summary/summary.ts'
import { asText } from '../summary/text.ts'
import { findK6, runK6 } from './k6.ts'
import { type OwnFleet, startOwnFleet } from './own-fleet.ts'
import { registerWorld } from './register-world.ts'
import { type RunSettings, readSettings } from './settings.ts'
import { writeSummary } from './write-summary.ts'

/** The least share of look-ups that the cache answers in a scenario with ordinary users. */
const leastHitRate = 0.85

async function run(settings: RunSettings, world: World): Promise<boolean> {
  const { scenario, directory, runner } = settings
  const k6 = runner === 'node' ? null : findK6(process.env)
  if (runner === 'k6' && k6 === null) throw new Error('RUNNER is k6, which is not on the path.')
  if (k6 !== null) {
    await mkdir(join(directory, 'history'), { recursive: true })
    const worldFile = join(directory, 'world.json')
    // Tokens are in it.
    await writeFile(worldFile, JSON.stringify(world), { mode: 0o600 })
    return runK6(k6, settings, { worldFile, seconds: durationSeconds(scenario) })
  }
  const summary = await runScenario(scenario, world)
  const verdicts = judge(summary, scenario.objectives)
  console.log(asText(summary, verdicts))
  console.log(`\n${await writeSummary(directory, summary, verdicts)}`)
  return succeeded(verdicts)
}

/** Users with sockets read nothing that is cached. */
const onlySockets = ({ scenario }: RunSettings) => scenario.mix.every(({ profile }) => profile === 'sockets')

async function isCacheUseful(fleet: OwnFleet): Promise<boolean> {
  const hitRate = await fleet.hitRate()
  const kept = hitRate >= leastHitRate
  const percent = (share: number) => (share * 100).toFixed(1)
  console.log(
    `The cache answered ${percent(hitRate)} % of its look-ups (at least ${percent(leastHitRate)} %: ${kept ? 'kept' : 'MISSED'}).`,
  )
  return kept
}

try {
  const settings = readSettings(process.argv[2], process.env)
  const { address, customers, tokenSeconds } = settings
  if (address) {
    const kept = await run(settings, await registerWorld({ ...settings, ...address }))
    if (!kept) process.exitCode = 1
  } else {
    console.log('starting a fleet for the run (COMANDA_URL names another one)')
    const fleet = await startOwnFleet({ customers, tokenSeconds })
    try {
      const kept = await run(settings, fleet.world)
      const enough = onlySockets(settings) || (await isCacheUseful(fleet))
      if (!kept || !enough) process.exitCode = 1
    } finally {
      await fleet.stop()
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
