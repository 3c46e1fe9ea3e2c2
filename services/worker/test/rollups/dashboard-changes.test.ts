import { setTimeout as wait } from 'node:timers/promises'
import { cacheTags } from '@comanda/events'
import { testRedisNodes } from '@comanda/local-stack/testing'
import { createRedis } from '@comanda/service'
import { redisReady } from '@comanda/service/testing'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { createDashboardChanges } from '#src/rollups/dashboard-changes.ts'
import { jobContext, openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'
import { consumer } from './roll-up-all.ts'

async function openChanges(t: Test) {
  const { database, owner } = await openDatabase(t)
  const { log, metrics } = await jobContext()
  const [one, other] = [await openKitchen(owner), await openKitchen(owner)]
  await insertPosition(database.primary, consumer)
  const redis = createRedis({ REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: 20_000 }, log)
  await redisReady(redis)
  const invalidated: string[] = []
  const cache = { invalidateTags: async (tags: readonly string[]) => void invalidated.push(...tags) }
  const dashboards = createDashboardChanges({ database, cache, redis, redisPrefix: 'test', log, metrics })
  t.teardown(async () => {
    await dashboards.close()
    redis.disconnect()
  })
  const publishedCount = async () =>
    Number(/^dashboard_changes_published_total (\d+)$/m.exec(await metrics.registry.metrics())?.[1])
  const ids = [one.cafeteriaId, other.cafeteriaId] as const
  return { dashboards, ids, owner, invalidated, publishedCount }
}

t.test('however often a cafeteria changes, it is published and invalidated once a second', async (t) => {
  const { dashboards, ids, invalidated, publishedCount } = await openChanges(t)
  const startedAt = performance.now()
  while (performance.now() - startedAt < 3500) {
    dashboards.changed(ids)
    await wait(20)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const counts = ids.map((id) => invalidated.filter((tag) => tag === cacheTags.dashboard(id)).length)
  const published = await publishedCount()
  for (const count of counts) t.ok(count >= 2 && count <= seconds + 1, `${count} in ${seconds} s`)
  t.ok(published >= 4 && published <= 2 * (seconds + 1), `${published} in ${seconds} s`)

  dashboards.changed(ids)
  await dashboards.close()
  t.ok((await publishedCount()) > published, 'what is noted is published before the end')
})

t.test('a change is published, and none of a cafeteria that was deleted', async (t) => {
  const { dashboards, ids, owner, publishedCount } = await openChanges(t)
  const [one, other] = ids
  await sql`update cafeterias set deleted_at = now() where id = ${other}`.execute(owner.primary)
  dashboards.changed([one])
  await until(async () => (await publishedCount()) === 1)
  dashboards.changed([one, other])
  await until(async () => (await publishedCount()) === 2)
  await dashboards.close()
  t.equal(await publishedCount(), 2)
})
