import t from 'tap'
import { findShortWaits } from '../scripts/waits/find-short-waits.ts'

t.test('a time-out below 20 s is found in every spelling', async (t) => {
  for (const line of [
    'const signal = AbortSignal.timeout(5_000)',
    't.setTimeout(19_999)',
    '  await until(async () => (await count()) === 0, 10_000)',
    "t.test('a', { timeout: 2000 }, async () => {})",
    'open(t, { max: 1, connectMilliseconds: 2000 })',
    "    REDIS_COMMAND_TIMEOUT_MS: '5000',",
    "    DATABASE_CONNECT_SECONDS: '0.5',",
    '    PAYMENT_TIMEOUT_SECONDS: 5,',
    "start(t, { SHUTDOWN_DEADLINE_SECONDS: '9' })",
    'const options = { database, timeoutSeconds: 1 }',
  ])
    t.same(findShortWaits(`const one = 1\n${line}\n`), [2], line)
})

t.test('a long one, none, and one that is what is tested are left alone', async (t) => {
  for (const text of [
    'AbortSignal.timeout(20_000)',
    "CONNECTION_TIMEOUT_SECONDS: '0'",
    "WORKER_POLL_SECONDS: '0.05'",
    '// The wait is what is tested.\nopen(t, {\n  max: 1,\n  statementMilliseconds: 50,\n})',
    "HEALTH_TIMEOUT_MS: '30', // the wait is what is tested",
  ])
    t.same(findShortWaits(text), [], text)
  const far = '// The wait is what is tested.\n\n\n\nAbortSignal.timeout(50)'
  t.same(findShortWaits(far), [5], 'a comment above something else')
})
