import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createAccessTokens } from '@comanda/access'
import { createDatabase, databaseConfig, databaseOptions } from '@comanda/database'
import {
  asService,
  cloneTestDatabase,
  startServiceUnderTest,
  testRedisNodes,
} from '@comanda/local-stack/testing'
import { createLogger, loadConfig } from '@comanda/service'
import t from 'tap'
import { Type } from 'typebox'
import { configSchema } from '#src/config.ts'
import { addManyOrders, allOrders } from './many-orders.ts'

const entry = join(import.meta.dirname, '../../src/server.ts')
const orders = 100_000
const mostGrowth = 60 * 1024 * 1024

t.test('a file of 100,000 orders has them all, and hardly takes memory', async (t) => {
  const clone = await cloneTestDatabase()
  t.teardown(() => clone.drop())
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: clone.url, DATABASE_POOL_MIN: '0' }
  const config = loadConfig(configSchema, env)
  const log = await createLogger({ name: 'analytics-test', config })
  const owner = createDatabase({
    ...databaseOptions(loadConfig(Type.Object(databaseConfig), env), 'owner'),
    log,
  })
  const small = await addManyOrders(owner.primary, 5000)
  const cafeteriaId = await addManyOrders(owner.primary, orders)
  await owner.close()
  const replica = asService(clone.replicaUrl, 'analytics')
  const service = await startServiceUnderTest(entry, {
    LOG_LEVEL: 'info',
    RATE_LIMITS: 'off',
    DATABASE_URL: asService(clone.url, 'analytics'),
    DATABASE_REPLICA_URLS: `analytics=${replica},reports=${replica}`,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
  })
  t.teardown(() => service.stop('SIGKILL'))
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })
  const userId = randomUUID()
  const token = tokens.sign({ userId, sessionId: userId, role: 'admin', memberships: {} })
  const memory = async () => {
    const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text()
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1])
  }
  /** Reads a file as it comes. Returns how many lines it has, the last one, and by how much the service grew meanwhile. */
  const read = async (cafeteriaId: string, encoding: string) => {
    const before = await memory()
    let [lines, growth, rest, last] = [0, 0, '', '']
    const response = await fetch(`${service.url}${allOrders(cafeteriaId)}`, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': encoding },
    })
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-encoding') ?? 'identity', encoding)
    for await (const text of (response.body as ReadableStream).pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\r\n')
      rest = parts.pop() as string
      if (Math.floor((lines + parts.length) / 5000) > Math.floor(lines / 5000))
        growth = Math.max(growth, (await memory()) - before)
      lines += parts.length
      last = parts.at(-1) ?? last
    }
    t.equal(rest, '')
    return { lines, growth, last }
  }

  // What is loaded and compiled once is no growth.
  for (const encoding of ['identity', 'gzip']) await read(small, encoding)
  for (const encoding of ['identity', 'gzip']) {
    const { lines, growth, last } = await read(cafeteriaId, encoding)
    t.equal(lines, 1 + orders + 1, encoding)
    t.match(last, `# complete, ${orders} rows`)
    t.comment(`${encoding}: ${Math.round(growth / 1024 / 1024)} MB more`)
    t.ok(growth < mostGrowth, `the service grew by ${growth} bytes`)
  }
})
