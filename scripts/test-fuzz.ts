import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashPassword } from '../libs/access/src/index.ts'
import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { startTestStack } from '../libs/local-stack/src/migrated-template.ts'
import { type FuzzedService, fuzzedServices, startFuzzedFleet } from './fuzz/fleet.ts'
import { installSchemathesis } from './fuzz/install.ts'
import { type FuzzOptions, readOptions } from './fuzz/options.ts'
import type { FuzzCaller, FuzzOutcome } from './fuzz/outcome.ts'
import { printCosts, printReport } from './fuzz/print-report.ts'
import { faultsOfProcesses, readCosts } from './fuzz/process-costs.ts'
import { fuzzDirectory, runFuzz } from './fuzz/run-fuzz.ts'
import type { FuzzRole } from './fuzz/scene.ts'
import { startSupply } from './fuzz/supply.ts'
import { type FuzzedOperation, faultsOf, tally } from './fuzz/verdict.ts'
import { readDocument } from './openapi/documents.ts'

// Sends each API what its document allows and what it forbids, as each role, and follows what answers lead to. Fails on any 5xx, on
// answers that the document does not describe, when too few operations ever succeed, and in the long form when a process stalls or grows.

/** How the time is shared: by how many operations a role may call, and how much there is behind them. */
const shares: Record<FuzzRole, number> = {
  admin: 0.3,
  manager: 0.2,
  staff: 0.15,
  customer: 0.25,
  nobody: 0.1,
}
const password = 'what nobody guesses while fuzzing'

async function fuzz({ seconds, judgesProcesses, keep, ...options }: FuzzOptions): Promise<boolean> {
  const python = await installSchemathesis()
  await startTestStack()
  const fleet = await startFuzzedFleet(password)
  const supply = await startSupply(fleet, { password, passwordHash: await hashPassword(password) })
  try {
    const seed = options.seed ?? randomInt(2 ** 31)
    console.log(`\nfuzzing for ${seconds} s, seed ${seed}`)
    const startedAt = Date.now()
    const outcomes: FuzzOutcome[] = []
    const run = async (caller: FuzzCaller, seconds: number | null) => {
      console.log(`  ${caller === 'entitled' ? 'one valid call of each operation' : caller}`)
      // Side by side, because schemathesis takes seconds to start.
      const runs = fuzzedServices.map((service) =>
        runFuzz({
          caller,
          service,
          seconds,
          seed,
          url: fleet.urls[service],
          supplyUrl: supply.urls[service],
          python,
        }),
      )
      outcomes.push(...(await Promise.all(runs)))
    }
    await run('entitled', null)
    for (const [role, share] of Object.entries(shares) as [FuzzRole, number][])
      await run(role, seconds * share)
    const tallies = tally(fuzzedServices.flatMap(operationsOf), outcomes)
    printReport(tallies, outcomes)
    const costs = readCosts(fleet.processes, startedAt)
    printCosts(costs)
    const faults = [...faultsOf(tallies, outcomes), ...faultsOfProcesses(costs, judgesProcesses)]
    for (const fault of faults) console.log(`\n${fault}`)
    if (keep) await untilInterrupted(Object.values(fleet.urls))
    return faults.length === 0
  } finally {
    writeFileSync(join(fuzzDirectory, 'services.log'), fleet.log())
    await supply.close()
    await fleet.close()
  }
}

function operationsOf(service: FuzzedService): FuzzedOperation[] {
  return Object.values(readDocument(service, 'openapi.json').paths ?? {})
    .flatMap((path) => Object.values(path))
    .map(({ operationId }) => ({ service, operation: String(operationId) }))
}

function untilInterrupted(urls: string[]): Promise<void> {
  console.log(`\n${urls.join(' and ')} keep running; Ctrl-C ends them`)
  return new Promise((resolve) => {
    const timer = setInterval(() => {}, 60_000)
    process.once('SIGINT', () => resolve(clearInterval(timer)))
  })
}

try {
  loadDotEnv()
  process.exitCode = (await fuzz(readOptions(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
