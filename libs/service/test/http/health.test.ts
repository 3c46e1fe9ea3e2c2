import { testRedisNodes } from '@comanda/local-stack/testing'
import t from 'tap'
import { createRedis, type HealthCheck } from '#src/index.ts'
import { redisReady } from '#src/testing/index.ts'
import { testConfig, testService } from '../support.ts'

const silent = { warn() {}, info() {} }

function check(name: string, needed: HealthCheck['needed'], run: HealthCheck['check']): HealthCheck {
  return { name, needed, check: run }
}
const well = async () => ({ status: 'healthy' as const, details: { lagMs: 3 } })
const broken = async () => {
  throw Object.assign(new Error('connect to 10.0.0.7 refused for user comanda'), { code: 'ECONNREFUSED' })
}

t.test('health lists every check with its response time', async (t) => {
  const redis = createRedis(testConfig({ REDIS_NODES: testRedisNodes() }), silent)
  await redisReady(redis)
  const { app } = await testService(t, { redis, health: [check('database', 'ready', well)] })
  const response = await app.inject('/health')
  t.equal(response.statusCode, 200)
  t.equal(response.headers['cache-control'], 'no-store')
  const health = response.json()
  t.match(health, { status: 'healthy', service: 'test', version: '1.2.3', uptime: Number })
  t.ok(Math.abs(Date.now() - Date.parse(health.timestamp)) < 10_000)
  const entries = Object.fromEntries(health.checks.map((entry: { name: string }) => [entry.name, entry]))
  t.same(Object.keys(entries).toSorted(), ['database', 'eventLoop', 'memory', 'redis'])
  t.match(entries.database, { status: 'healthy', responseTimeMs: Number, details: { lagMs: 3 } })
  t.match(entries.redis, { status: 'healthy', details: { masters: 3 } })
  t.match(entries.memory, { details: { heapUsedBytes: Number, rssBytes: Number } })
  t.match(entries.eventLoop, { details: { delayP99Ms: Number } })
})

const outcomes: [what: string, checks: HealthCheck[], health: number, status: string, ready: number][] = [
  ['all is well', [check('a', 'ready', well)], 200, 'healthy', 200],
  ['something needed is broken', [check('a', 'ready', broken)], 503, 'unhealthy', 503],
  [
    'something else is broken',
    [check('a', 'ready', well), check('b', 'degraded', broken)],
    200,
    'degraded',
    200,
  ],
  [
    'something needed is degraded',
    [check('a', 'ready', async () => ({ status: 'degraded' }))],
    200,
    'degraded',
    200,
  ],
]

for (const [what, health, statusCode, status, ready] of outcomes) {
  t.test(`when ${what}, health is ${status} and readiness ${ready}`, async (t) => {
    const { app } = await testService(t, { health })
    const response = await app.inject('/health')
    t.equal(response.statusCode, statusCode)
    t.equal(response.json().status, status)
    t.equal((await app.inject('/health/ready')).statusCode, ready)
    t.equal((await app.inject('/health/live')).statusCode, 200, 'it lives in any case')
  })
}

t.test('a failing check says what kind of failure, and nothing of the inside', async (t) => {
  const { app } = await testService(t, { health: [check('database', 'ready', broken)] })
  const response = await app.inject('/health')
  t.match(response.json().checks[0], {
    name: 'database',
    status: 'unhealthy',
    details: { reason: 'ECONNREFUSED' },
  })
  t.notMatch(response.body, /10\.0\.0\.7|comanda/)
  t.same((await app.inject('/health/ready')).json(), { status: 'not_ready', unhealthy: ['database'] })
})

t.test('a check that hangs is given up after its time, even when it ignores the signal', async (t) => {
  let aborted = false
  const hang = async (signal: AbortSignal) => {
    signal.addEventListener('abort', () => {
      aborted = true
    })
    return new Promise<never>(() => {})
  }
  const { app } = await testService(t, {
    // The wait is what is tested.
    env: { HEALTH_TIMEOUT_MS: '30' },
    health: [check('slow', 'ready', hang)],
  })
  t.match((await app.inject('/health')).json().checks[0], {
    status: 'unhealthy',
    details: { reason: 'timed out' },
  })
  t.ok(aborted)
})

t.test('a service starts while Redis is down, is degraded, and stays ready', async (t) => {
  const nowhere = '127.0.0.1:1,127.0.0.1:2'
  const warnings: unknown[] = []
  const log = { ...silent, warn: (facts: object) => void warnings.push(facts) }
  const redis = createRedis(testConfig({ REDIS_NODES: nowhere }), log)
  const { app } = await testService(t, { redis })
  const response = await app.inject('/health')
  t.equal(response.statusCode, 200)
  t.match(response.json(), { status: 'degraded' })
  t.match(
    response.json().checks.find((entry: { name: string }) => entry.name === 'redis'),
    { status: 'unhealthy' },
  )
  t.equal((await app.inject('/health/ready')).statusCode, 200)
  while (warnings.length === 0) await new Promise(setImmediate)
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.equal(warnings.length, 1, 'one line, not one per attempt')
})

t.test('commands of Redis are measured, failed ones too', async (t) => {
  const redis = createRedis(testConfig({ REDIS_NODES: testRedisNodes() }), silent)
  await redisReady(redis)
  const { app } = await testService(t, { redis })
  t.equal(app.redis, redis)
  await redis.set('test:measured', 'a')
  await redis.incr('test:measured').catch(() => {})
  const pipeline = redis.pipeline().get('test:measured').del('test:measured')
  await pipeline.exec()
  const text = await app.meter.registry.metrics()
  for (const command of ['set', 'incr', 'get', 'del']) {
    t.match(text, `redis_command_duration_seconds_count{command="${command}"} 1`)
  }
  t.match(text, 'redis_command_duration_seconds_bucket{le="0.0001",command="set"}')
})
