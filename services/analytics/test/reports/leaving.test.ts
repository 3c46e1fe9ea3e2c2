import { asService, cloneTestDatabase } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addManyOrders, allOrders } from './many-orders.ts'
import { beginReading, listStatements, lockTable, openPool, until } from './reading.ts'

type Test = Parameters<typeof startTestApp>[0]

/** A file of many pages, whose reader waits after the first of them, while its next page waits for a lock. */
async function openHalfReadFile(t: Test) {
  const clone = await cloneTestDatabase()
  // Its time-out does not end the statement, so that only leaving can.
  const test = await startTestApp(t, { DATABASE_REPORT_SECONDS: '600' }, clone)
  const replica = await openPool(t, asService(clone.replicaUrl, 'analytics'), 'watcher')
  const cafeteriaId = await addManyOrders(test.owner, 40_000)
  await test.rollUp()
  const userId = crypto.randomUUID()
  const file = await beginReading(test, allOrders(cafeteriaId), userId)
  t.equal(file.status, 200)
  const lock = await lockTable(test.owner, replica, 'payments')
  t.teardown(() => (lock.isRolledBack ? undefined : lock.rollback().execute()))
  const rest = file.rest()
  await until(async () => (await listStatements(replica)).some(({ waits }) => waits), 60_000)
  return { ...test, replica, userId, file, rest, lock }
}

t.test('when the client of a file leaves, its statement ends on the server', async (t) => {
  const { replica, file, rest, database } = await openHalfReadFile(t)
  file.leave()
  await until(async () => (await listStatements(replica)).length === 0, 60_000)
  t.notMatch((await rest).text, '# complete')
  t.ok(
    database.nodes.every(({ reachable }) => reachable),
    'and no server is taken for lost',
  )
})

t.test('a file that cannot be finished is cut off, and has no last line', async (t) => {
  const { replica, rest } = await openHalfReadFile(t)
  let isOver = false
  void rest.then(() => (isOver = true))
  // What one replica cannot read is asked of the next one.
  await until(async () => {
    for (const { pid } of await listStatements(replica))
      await sql`select pg_terminate_backend(${pid})`.execute(replica)
    return isOver
  }, 60_000)
  const { text, isWhole } = await rest
  t.equal(isWhole, false, 'HTTP says that the end is missing')
  t.ok(text.split('\r\n').length > 5000, 'the pages before came')
  t.notMatch(text, '# complete')
})

t.test('a file whose reader pauses holds no connection, and is whole in the end', async (t) => {
  const { rest, lock } = await openHalfReadFile(t)
  await lock.rollback().execute()
  const { text, isWhole } = await rest
  t.equal(isWhole, true)
  t.match(text, /# complete, 40000 rows, as of [^,\r]+\r\n$/)
})

t.test('a file is cut off when the session of its reader ends', async (t) => {
  const { owner, call, as, userId, rest, lock } = await openHalfReadFile(t)
  await sql`
    with reader as (
      insert into users (id, email, name, password_hash) values (${userId}, 'reader@comanda.test', 'Reader', '') returning id
    )
    insert into sessions (id, user_id, expires_at, revoked_at)
    select id, id, now() + interval '1 day', now() from reader`.execute(owner)
  const headers = as({ userId, role: 'admin' })
  await until(async () => (await call({ url: '/v1/analytics/dashboard', headers })).status === 401, 60_000)
  await lock.rollback().execute()
  const { text, isWhole } = await rest
  t.equal(isWhole, false)
  t.notMatch(text, '# complete')
})
