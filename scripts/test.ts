import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { startTestStack } from '../libs/local-stack/src/migrated-template.ts'
import { installLocust } from '../load-tests/run/start-locust.ts'
import { installChartTools } from './charts/install.ts'
import { installPythonGenerator } from './clients/python-generator.ts'
import { installOasdiff } from './openapi/oasdiff.ts'
import { runNode } from './test/run-node.ts'
import { runTap } from './test/run-tap.ts'

// All of it, or only the files named on the command line. The servers are left running for the next time.
const files = process.argv.slice(2)
const everything = files.length === 0
let passed = 0
let failed = 0

/**
 * A fleet of the run's own and our own runner, whatever the environment says, so that results compare. How long answers take says
 * more about a machine that does other work too than about the fleet: `make load-10-users` is where that decides.
 */
const tenUsers = { COMANDA_URL: '', RUNNER: 'node', LATENCY: 'printed' }

/** A check is one thing that passes or fails; a failed one does not keep the tests from running. */
async function check(
  name: string,
  script: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const file = join(import.meta.dirname, script)
  if (!existsSync(file)) return
  console.log(`\n${name}`)
  const ok = await runNode(file, args, env)
  if (!ok) console.log(`${name}: failed`)
  passed += ok ? 1 : 0
  failed += ok ? 0 : 1
}

try {
  loadDotEnv()
  if (everything) await check('checks', 'check.ts')
  if (everything || files.some((file) => file.startsWith('charts/'))) {
    console.log('\ntools of the chart')
    await installChartTools()
  }
  if (everything || files.includes('test/breaking-changes.test.ts')) await installOasdiff()
  if (everything || files.includes('test/clients.test.ts')) await installPythonGenerator()
  if (everything || files.includes('test/locust.test.ts')) await installLocust()
  console.log('\ntest stack')
  await startTestStack()
  console.log('\ntests')
  const totals = await runTap(files)
  passed += totals.passed
  failed += totals.failed
  if (everything) await check('coverage of the API', 'check-api-coverage.ts')
  if (everything) await check('fuzzing', 'test-fuzz.ts')
  if (everything) await check('ten users for a minute', '../load-tests/run/run.ts', ['10-users'], tenUsers)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  failed += 1
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
