import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '@comanda/database'
import { startFailoverStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { keepWriting, keysOn, kindsOf, open, unavailable, write } from './failover-fixture.ts'

t.test('under quorum commit nothing that was acknowledged is lost with the primary', async (t) => {
  const stack = await startFailoverStack({ redis: false })
  t.teardown(() => stack.stop())
  await migrate(stack.url)
  const database = open(t, { url: stack.url })
  const writing = keepWriting(database, 'quorum')
  await writing.nextAfter(Date.now())
  await stack.killPrimary()
  const killedAt = Date.now()
  await stack.promoteMostAdvanced()
  t.comment(`writes were acknowledged again ${await writing.nextAfter(killedAt)} ms after the kill`)
  await writing.stop()
  const kept = await keysOn(stack.postgres.primary)
  t.strictSame(
    writing.acknowledged.filter(({ key }) => !kept.has(key)),
    [],
  )
  t.strictSame(kindsOf(writing.failures), unavailable)
})

t.test('a commit whose wait for a standby is cancelled is not acknowledged', async (t) => {
  const stack = await startFailoverStack({ redis: false })
  t.teardown(() => stack.stop())
  await migrate(stack.url)
  const database = open(t, { url: stack.url })
  for (const standby of stack.postgres.standbys) await stack.postgres.stopServer(standby, 'immediate')
  const answer = write(database, 'alone').then(
    () => 'acknowledged',
    (error: unknown) => error,
  )
  const beside = open(t, { url: stack.primaryUrl, applicationName: 'beside' })
  const cancel = sql<{ cancelled: boolean }>`
    select pg_cancel_backend(pid) as cancelled from pg_stat_activity where wait_event = 'SyncRep' and query like 'insert%'`
  while ((await cancel.execute(beside.primary)).rows.length === 0) await sleep(20)
  t.match(await answer, { code: 'database_unavailable', detail: /standby/, retryAfterSeconds: 2 })
})
