import { globSync } from 'node:fs'
import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { startTestStack } from '../libs/local-stack/src/migrated-template.ts'
import { runTap } from './test/run-tap.ts'

// What somebody tries who wants to break in, on real processes and servers. All of these are part of `make test` too.
const patterns = [
  '{services,libs}/*/test/abuse/**/*.test.ts',
  // Every caller on every route and event.
  'services/orders/test/access/*.test.ts',
  'services/realtime/test/{refusals,addresses}.test.ts',
  // Races for stock, money and sessions.
  'services/orders/test/orders/{oversell,idempotency}.test.ts',
  'services/orders/test/payments/*refund*.test.ts',
  'services/orders/test/accounts/{attempts,refresh,sessions,session-revocations}.test.ts',
  // Malformed HTTP, limits, and configurations that production refuses.
  'libs/service/test/http/{problems,validation,addresses,malformed-requests,security,client-filter}.test.ts',
  'libs/service/test/limits/*.test.ts',
  'libs/service/test/config/load-config.test.ts',
]

/** @throws when a pattern finds nothing, because its files have moved and would be left out silently */
function findFiles(pattern: string): string[] {
  const found = globSync(pattern)
  if (found.length === 0) throw new Error(`no test matches ${pattern}`)
  return found
}

/** @throws when it is no count, because then nothing would run and nothing fail */
function readRounds(text: string): number {
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`the number of rounds must be an integer from 1, not ${text}`)
  return rounds
}

try {
  // The long form: the races are run so often.
  const rounds = readRounds(process.argv[2] ?? '1')
  const files = [...new Set(patterns.flatMap(findFiles))]
  loadDotEnv()
  process.env['JUDGE_STALLS'] = '1'
  await startTestStack()
  let failures = 0
  for (let round = 1; round <= rounds; round += 1) {
    const { passed, failed } = await runTap(files, 'abuse')
    console.log(`round ${round} of ${rounds}: ${passed} passed, ${failed} failed`)
    failures += passed === 0 ? 1 : failed
  }
  process.exitCode = failures === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
