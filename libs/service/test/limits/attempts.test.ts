import { randomInt, randomUUID } from 'node:crypto'
import { defineErrors } from '@comanda/errors'
import { testRedisNodes } from '@comanda/local-stack/testing'
import t from 'tap'
import { createRedis } from '#src/index.ts'
import type { AttemptCounts } from '#src/limits/attempt-counts.ts'
import { attemptRules } from '#src/limits/attempt-rules.ts'
import { createAttempts } from '#src/limits/attempts.ts'
import { redisAttemptCounts } from '#src/limits/redis-attempt-counts.ts'
import { redisReady } from '#src/testing/index.ts'
import { testConfig } from '../support.ts'

const errors = defineErrors({
  test_wrong: { status: 401, title: 'Wrong' },
  test_away: { status: 503, title: 'Away' },
  test_left: { status: 499, title: 'Left' },
})
const redis = createRedis(testConfig({ REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: '20000' }), {
  warn() {},
  info() {},
})
await redisReady(redis)
t.teardown(() => redis.disconnect())

const minute = 60_000
const delays = { firstDelayMs: 10 * minute, longestDelayMs: 60 * minute }
/** Waits that no machine is slow enough to sit out. */
const rules = {
  pair: { ...attemptRules.pair, ...delays },
  account: { ...attemptRules.account, ...delays },
  address: { ...attemptRules.address, ...delays },
  registration: { ...attemptRules.registration, ...delays },
}

const freshAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
const freshEmail = () => `${randomUUID()}@comanda.test`
const wrong = () => Promise.reject(errors.test_wrong())
const right = async () => 'in'

const layers: [string, () => AttemptCounts | undefined][] = [
  ['in Redis', () => redisAttemptCounts(redis, `test-${randomUUID()}`)],
  ['in a process alone', () => undefined],
]

for (const [name, counts] of layers) {
  t.test(`failures are counted ${name}`, async (t) => {
    const attempts = createAttempts({
      shared: counts(),
      onFallback: (error) => t.fail(String(error)),
      rules,
    })
    const fails = (email: string, address: string) =>
      attempts.login(email, address, wrong).then(
        () => 'in',
        ({ code }: { code: string }) => code,
      )
    const many = async (count: number, email: () => string, address: () => string) => {
      const codes = []
      for (let done = 0; done < count; done++) codes.push(await fails(email(), address()))
      return codes
    }
    /** The address or the account that `attempt` comes from waits for most of ten minutes, because some of them have passed. */
    const waits = async (attempt: Promise<unknown>) => {
      const { code, retryAfterSeconds } = await attempt.then(
        () => ({}) as never,
        (error) => error,
      )
      t.equal(code, 'rate_limited')
      t.ok(retryAfterSeconds > 300 && retryAfterSeconds <= 600, `${retryAfterSeconds} s`)
    }
    const times = (count: number) => Array.from({ length: count }, () => 'test_wrong')

    await t.test('one address that tries many names has to wait', async (t) => {
      const from = freshAddress()
      t.same(await many(101, freshEmail, () => from), times(101))
      await waits(attempts.login(freshEmail(), from, right))
      t.equal(await attempts.login(freshEmail(), freshAddress(), right), 'in', 'others do not')
    })

    await t.test('whoever has logged in from there before does not wait for others', async (t) => {
      const [from, email] = [freshAddress(), freshEmail()]
      await attempts.login(email, from, right)
      await many(101, freshEmail, () => from)
      await t.rejects(attempts.login(freshEmail(), from, right), { code: 'rate_limited' })
      t.equal(await attempts.login(email, from, right), 'in')
    })

    await t.test(
      'one account that is tried from many addresses waits, except where its owner is',
      async (t) => {
        const [home, email] = [freshAddress(), freshEmail()]
        await attempts.registration(email, home, right)
        t.same(await many(21, () => email, freshAddress), times(21))
        t.equal(await fails(email, freshAddress()), 'rate_limited')
        t.equal(await attempts.login(email, home, right), 'in')
      },
    )

    await t.test('a pair waits after six failures, and not after it has succeeded', async (t) => {
      const [from, email] = [freshAddress(), freshEmail()]
      t.same(
        await many(
          5,
          () => email,
          () => from,
        ),
        times(5),
      )
      await attempts.login(email, from, right)
      t.same(
        await many(
          6,
          () => email,
          () => from,
        ),
        times(6),
      )
      await waits(attempts.login(email, from, right))
    })

    await t.test('successes do not add up, so that a campus behind one address gets in', async (t) => {
      const from = freshAddress()
      const answers = await Promise.all(
        Array.from({ length: 99 }, () => attempts.login(freshEmail(), from, right)),
      )
      for (let done = 0; done < 99; done++) answers.push(await attempts.login(freshEmail(), from, right))
      t.equal(answers.length, 198)
    })

    await t.test('what is nobody’s fault does not count', async (t) => {
      for (const faultless of [
        errors.test_away,
        errors.test_left,
        () => new Error('a fault of the program'),
      ]) {
        const [from, email] = [freshAddress(), freshEmail()]
        for (let done = 0; done < 25; done++) {
          await t.rejects(attempts.login(email, from, () => Promise.reject(faultless())))
          await t.rejects(attempts.registration(email, from, () => Promise.reject(faultless())))
        }
        t.equal(await attempts.login(email, from, right), 'in')
        t.equal(await attempts.registration(email, from, right), 'in')
      }
    })

    await t.test('whoever finds out too many accounts by registering waits', async (t) => {
      const from = freshAddress()
      for (let done = 0; done < 21; done++)
        await t.rejects(attempts.registration(freshEmail(), from, wrong), { code: 'test_wrong' })
      await waits(attempts.registration(freshEmail(), from, right))
    })

    await t.test('an attempt that another rule refuses leaves no wait of its own', async (t) => {
      const [from, email] = [freshAddress(), freshEmail()]
      t.same(await many(101, freshEmail, () => from), times(101))
      for (let done = 0; done < 25; done++) t.equal(await fails(email, from), 'rate_limited')
      t.equal(await attempts.login(email, freshAddress(), right), 'in')
    })
  })
}

t.test('while Redis is away, processes count alone', async (t) => {
  const failures: unknown[] = []
  const away = new Proxy({} as AttemptCounts, { get: () => () => Promise.reject(new Error('away')) })
  const attempts = createAttempts({ shared: away, onFallback: (error) => failures.push(error), rules })
  const [from, email] = [freshAddress(), freshEmail()]
  for (let done = 0; done < 6; done++)
    await t.rejects(attempts.login(email, from, wrong), { code: 'test_wrong' })
  await t.rejects(attempts.login(email, from, right), { code: 'rate_limited' })
  t.ok(failures.length > 0)
})
