import { join } from 'node:path'
import { asService, cloneTestDatabase, startServiceUnderTest } from '@comanda/local-stack/testing'
import t from 'tap'

const entry = join(import.meta.dirname, '../src/server.ts')

t.test(
  'the service gets ready without Redis, knows its replica, and ends cleanly when it is asked to',
  async (t) => {
    const clone = await cloneTestDatabase()
    t.teardown(() => clone.drop())
    const service = await startServiceUnderTest(entry, {
      LOG_LEVEL: 'info',
      DATABASE_URL: asService(clone.url, 'analytics'),
      DATABASE_REPLICA_URLS: `analytics=${asService(clone.replicaUrl, 'analytics')}`,
      DATABASE_POOL_MIN: '0',
      REDIS_NODES: '127.0.0.1:1',
      // A busy machine holds the event loop; what is tested here is not overload.
      OVERLOAD_EVENT_LOOP_DELAY_MS: '0',
    })
    t.teardown(() => service.stop('SIGKILL'))
    for (const path of ['/health/live', '/health/ready'])
      t.equal((await fetch(service.url + path)).status, 200, path)
    const health: any = await (await fetch(`${service.url}/health`)).json()
    const replica = health.checks.find((check: { name: string }) => check.name === 'replica-analytics-1')
    t.match(replica, { status: 'healthy', details: { lagSeconds: Number } })
    t.equal((await fetch(`${service.url}/docs/json`)).status, 200)
    const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text()
    t.match(metrics, /^db_replica_lag_seconds/m)
    t.match(await service.stop('SIGTERM'), { code: 0, signal: null })
  },
)
