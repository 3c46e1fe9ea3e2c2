import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { exporters } from '../../../scripts/metrics/exporters.ts'
import { type AlertWatch, openObservedFleet } from './observed-fleet.ts'

/** From the fault to the last word about it, which is what is promised. */
const mostMilliseconds = 90_000
/** As long as Alertmanager needs to tell something again, many times over. */
const quietMilliseconds = 10_000

const fleet = await openObservedFleet(t)

/** Waits until nothing fires and Alertmanager has told everything. */
async function untilCalm(watch: AlertWatch): Promise<void> {
  while ((await fleet.firing()).length > 0) await sleep(500)
  await sleep(quietMilliseconds)
  watch.forget()
}

t.test('every target is up, nothing fires, and exporters have what rules name', async (t) => {
  await fleet.untilScraped()
  t.same(await fleet.firing(), [])
  const known = await fleet.metricNames()
  for (const { exporter, metrics } of exporters.filter(({ exporter }) =>
    /exporter$|^Prometheus/.test(exporter),
  ))
    for (const metric of metrics) t.ok(known.has(metric), `${metric} of ${exporter}`)
})

t.test(
  'a database that is stopped calls its team and the pager, and that it is back is told once',
  async (t) => {
    const { watch } = fleet
    watch.forget()
    const startedAt = performance.now()
    await fleet.stopDatabase()
    await watch.until('on-call', 'pagerduty', 'firing', 'DatabaseDown')
    const fired = performance.now() - startedAt
    await fleet.startDatabase()
    await watch.until('on-call', 'slack', 'resolved', 'DatabaseDown')
    const over = performance.now() - startedAt
    t.comment(`fired after ${Math.round(fired)} ms, over after ${Math.round(over)} ms`)
    t.ok(over < mostMilliseconds, `${Math.round(over)} ms from the stop to the notice that it is over`)

    await sleep(quietMilliseconds)
    const told = (status: string) =>
      watch
        .told()
        .filter((notice) => notice.status === status && notice.alertname === 'DatabaseDown')
        .map(({ receiver, way }) => `${receiver} ${way}`)
        .toSorted()
    t.same(
      told('firing'),
      ['database-team email', 'on-call email', 'on-call pagerduty', 'on-call slack'],
      'to chat, mail and pager, and to the team',
    )
    t.same(told('resolved'), ['on-call pagerduty', 'on-call slack'], 'once')
    t.same([...new Set(watch.told().map(({ alertname }) => alertname))], ['DatabaseDown'], 'and nothing else')
  },
)

t.test('a node of Redis and a service that end go to their teams', async (t) => {
  const { watch } = fleet
  await untilCalm(watch)
  await Promise.all([fleet.stopRedisNode(), fleet.stopService('realtime')])
  await watch.until('infrastructure-team', 'email', 'firing', 'RedisDown')
  await watch.until('api-team', 'email', 'firing', 'ServiceDown')
  t.same([...new Set(watch.told().map(({ alertname }) => alertname))].toSorted(), [
    'RedisDown',
    'ServiceDown',
  ])
})
