import { randomUUID } from 'node:crypto'
import { testRedisNodes } from '@comanda/local-stack/testing'
import t from 'tap'
import { createRedis } from '#src/index.ts'
import { attemptRules, delayAfter } from '#src/limits/attempt-rules.ts'
import { localAttemptCounts } from '#src/limits/local-attempt-counts.ts'
import { redisAttemptCounts } from '#src/limits/redis-attempt-counts.ts'
import { redisReady } from '#src/testing/index.ts'
import { testConfig } from '../support.ts'

const minute = 60_000
const rule = { free: 2, firstDelayMs: 10 * minute, longestDelayMs: 50 * minute, forgetMs: 600 * minute }

t.test('each failure doubles the wait, up to the longest', async (t) => {
  const waits = (rule: typeof attemptRules.pair | typeof attemptRules.address, ...failures: number[]) =>
    failures.map((count) => delayAfter(rule, count))
  t.same(
    [1, 2, 3, 4, 5, 6, 60].map((failures) => delayAfter(rule, failures) / minute),
    [0, 0, 10, 20, 40, 50, 50],
  )
  t.same(waits(attemptRules.pair, 5, 6, 7, 99), [0, minute, 2 * minute, 60 * minute])
  t.same(waits(attemptRules.address, 100, 101, 102, 999), [0, 2_000, 4_000, 15 * minute])
})

t.test('in a process alone', async (t) => {
  let now = 0
  const counts = localAttemptCounts(() => now)
  const later = (minutes: number) => (now += minutes * minute)
  const begin = async (key: string) => (await counts.begin(key, rule)) / minute
  const fail = async (key: string, times: number) => {
    for (let done = 0; done < times; done++) {
      t.equal(await begin(key), 0)
      await counts.confirm(key, rule)
    }
  }

  await t.test('to ask during a wait does not prolong it', async (t) => {
    await fail('asks', 3)
    later(4)
    t.equal(await begin('asks'), 6)
    later(6)
    t.equal(await begin('asks'), 0)
    t.equal(await begin('asks'), 20, 'an attempt under way counts as failed')
  })

  await t.test('failures are forgotten when there was none for the time of the rule', async (t) => {
    await fail('quiet', 1)
    later(599)
    await fail('quiet', 2)
    later(609)
    t.equal(await begin('quiet'), 0)
    t.equal(await begin('quiet'), 20, 'they are remembered after their wait')
    await fail('forgotten', 3)
    later(610)
    await fail('forgotten', 2)
  })

  await t.test('an attempt that is taken back leaves no wait', async (t) => {
    await fail('back', 2)
    for (let done = 0; done < 3; done++) {
      t.equal(await begin('back'), 0)
      t.equal(await begin('back'), 10)
      await counts.takeBack('back')
    }
    await fail('back', 1)
    t.equal(await begin('back'), 10)
  })

  await t.test('attempts that are taken back do not keep failures from being forgotten', async (t) => {
    await fail('kept', 2)
    for (let done = 0; done < 5; done++) {
      later(100)
      t.equal(await begin('kept'), 0)
      await counts.takeBack('kept')
    }
    later(100)
    await fail('kept', 2)
  })

  await t.test('a key is kept until its wait is over', async (t) => {
    await fail('late', 2)
    later(595)
    t.equal(await begin('late'), 0)
    later(8)
    t.equal(await begin('late'), 2)
  })

  await t.test('whoever is marked is so for the time given', async (t) => {
    await counts.remember('marked', minute)
    t.ok(await counts.isRemembered('marked'))
    later(1)
    t.notOk(await counts.isRemembered('marked'))
  })
})

t.test('in Redis', async (t) => {
  const config = testConfig({ REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: '20000' })
  const redis = createRedis(config, { warn() {}, info() {} })
  t.teardown(() => redis.disconnect())
  await redisReady(redis)
  const prefix = `test-${randomUUID()}`
  const counts = redisAttemptCounts(redis, prefix)
  const fail = async (key: string, times: number) => {
    for (let done = 0; done < times; done++) {
      t.equal(await counts.begin(key, rule), 0)
      await counts.confirm(key, rule)
    }
  }
  /** What is left of so many minutes, of which a busy machine may have used some. */
  const isAbout = (found: number, minutes: number) =>
    t.ok(found > (minutes - 2) * minute && found <= minutes * minute, `${found} ms are about ${minutes} min`)
  const name = (key: string) => `${prefix}:attempts:${key}`
  const left = (key: string) => redis.pttl(name(key))

  await t.test('an attempt that is taken back leaves neither a wait nor more time to remember', async (t) => {
    await fail('back', 2)
    await redis.pexpire(name('back'), 300 * minute)
    t.equal(await counts.begin('back', rule), 0)
    isAbout(await left('back'), 300)
    isAbout(await counts.begin('back', rule), 10)
    await counts.takeBack('back')
    isAbout(await left('back'), 300)
    await fail('back', 1)
    isAbout(await left('back'), 610)
    isAbout(await counts.begin('back', rule), 10)
  })

  await t.test('a key is kept until its wait is over', async (t) => {
    await fail('late', 2)
    await redis.pexpire(name('late'), 5 * minute)
    t.equal(await counts.begin('late', rule), 0)
    isAbout(await left('late'), 10)
    await counts.confirm('late', rule)
    isAbout(await left('late'), 610)
  })

  await t.test('the first failure is remembered, and what never failed is not', async (t) => {
    t.equal(await counts.begin('first', rule), 0)
    isAbout(await left('first'), 600)
    await counts.takeBack('first')
    t.equal(await left('first'), -2)
    await counts.takeBack('first')
    await counts.confirm('first', rule)
    t.equal(await left('first'), -2, 'nothing is kept of a key that is gone')
  })
})
