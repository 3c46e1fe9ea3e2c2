import { migrate } from '@comanda/database'
import { asService, startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addManyOrders, allOrders } from './many-orders.ts'
import { beginReading, flush, listStatements, lockTable, openPool, until } from './reading.ts'

// A standby that never waits for a report.
const stack = await startTemporaryStack({
  postgres: { standbys: 1, settings: { max_standby_streaming_delay: 0 } },
})
t.teardown(() => stack.stop())

t.test('a page that replay cancels is read again, once', async (t) => {
  await migrate(stack.primaryUrl)
  const replicaUrl = stack.replicaUrls[0] as string
  const test = await startTestApp(t, {}, { url: stack.primaryUrl, replicaUrl, drop: async () => {} })
  const { owner, statements } = test
  const replica = await openPool(t, asService(replicaUrl, 'analytics'), 'watcher')
  const cafeteriaId = await addManyOrders(owner, 6000)
  await test.rollUp()

  /** Lets the page that waits for payments meet the replay of a lock on the orders that it has begun to read. */
  async function conflict(): Promise<void> {
    const cancelled = statements.filter(({ failed }) => failed).length
    await until(async () => (await listStatements(replica)).some(({ waits }) => waits), 60_000)
    const lock = await owner.startTransaction().execute()
    await sql`lock table orders in access exclusive mode`.execute(lock)
    await flush(owner)
    await until(async () => statements.filter(({ failed }) => failed).length > cancelled, 60_000)
    await lock.rollback().execute()
  }
  for (const conflicts of [1, 2]) {
    const lock = await lockTable(owner, replica, 'payments')
    statements.length = 0
    const reading = beginReading(test, allOrders(cafeteriaId))
    for (let count = 0; count < conflicts; count += 1) await conflict()
    await lock.rollback().execute()
    const file = await reading
    const { text, isWhole } = await file.rest()
    t.equal(statements.filter(({ failed }) => failed).length, conflicts)
    t.equal(isWhole, true)
    if (conflicts === 1) {
      t.equal(file.status, 200)
      t.match(text, /# complete, 6000 rows/)
    } else {
      t.equal(file.status, 503)
      t.match(JSON.parse(text), {
        code: 'database_unavailable',
        detail: 'Replication has cancelled the read twice.',
      })
    }
  }
})
