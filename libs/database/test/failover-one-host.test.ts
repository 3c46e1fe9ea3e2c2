import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { checksOf, keepWriting, kindsOf, open, startServers, unavailable, urlOf } from './failover-fixture.ts'
import { startRelay } from './relay.ts'

t.test('one host that is led to the promoted standby is followed, silent connections included', async (t) => {
  const { stack, servers } = await startServers(t)
  const [first, second, third] = servers
  const relay = await startRelay(t, first.port)
  const database = open(t, { url: urlOf(relay.port), max: 4 })
  const writing = keepWriting(database, 'relay')
  await writing.nextAfter(Date.now())

  await t.test('a planned switch: the old primary is shut down', async (t) => {
    await stack.postgres.stopServer(first, 'fast')
    await stack.postgres.promote(second)
    const at = Date.now()
    relay.pointTo(second.port)
    t.comment(`writes were acknowledged again after ${await writing.nextAfter(at)} ms`)
  })

  await t.test('a primary that vanishes: nothing is closed, nothing is answered', async (t) => {
    relay.freeze()
    await stack.postgres.rejoin(first)
    await stack.postgres.promote(first)
    const at = Date.now()
    relay.pointTo(first.port)
    t.comment(`writes were acknowledged again after ${await writing.nextAfter(at)} ms`)
  })

  await t.test('led to a standby for a while: writes are refused and work again afterwards', async (t) => {
    const before = writing.failures.length
    relay.pointTo(third.port)
    const beside = open(t, { url: urlOf(first.port), applicationName: 'beside' })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'database-test'`.execute(
      beside.primary,
    )
    while (writing.failures.length < before + 10) await sleep(10)
    // The server still answers, so reads go on.
    while ((await checksOf(database))[0]?.status !== 'degraded') await sleep(10)
    while (database.nodes[0].writable) await sleep(10)
    t.pass('it is known not to take writes')
    relay.pointTo(first.port)
    await writing.nextAfter(Date.now())
  })
  await writing.stop()
  t.strictSame(kindsOf(writing.failures), unavailable)
})
