import { sql } from 'kysely'
import t from 'tap'
import { addUser } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'
import { traces } from './traces.ts'

t.test('the same key and body get the first answer, whatever happened to the order since', async (t) => {
  const campus = await startCampusApp(t)
  const first = await campus.place({}, { key: 'k-1' })
  const before = await traces(campus)
  await campus.move(first.body.id, 'cancel', campus.campus.customer.caller)
  const again = await campus.place({}, { key: 'k-1' })
  t.equal(again.status, 201)
  t.strictSame(again.body, first.body)
  t.match(await traces(campus), { orders: 1, keys: before && (before as { keys: number }).keys })
})

t.test('a key belongs to one body and one customer', async (t) => {
  const { place, database } = await startCampusApp(t)
  const first = await place({}, { key: 'k-1' })
  const other = await place({ expectedTotalCents: 4500 }, { key: 'k-1' })
  t.match(other, { status: 422, body: { code: 'idempotency_key_reused' } })
  const stranger = await addUser(database.primary, { balanceCents: 10_000 })
  const own = await place({}, { key: 'k-1', caller: stranger.caller })
  t.equal(own.status, 201)
  t.not(own.body.id, first.body.id)
})

t.test(
  'of many requests with one key at once, one places the order and the others say so or repeat it',
  async (t) => {
    const campus = await startCampusApp(t)
    const answers = await Promise.all(Array.from({ length: 20 }, () => campus.place({}, { key: 'k-1' })))
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id))
    t.equal(ids.size, 1)
    for (const { status, body } of answers) {
      if (status !== 201) t.match({ status, body }, { status: 409, body: { code: 'idempotency_key_in_use' } })
    }
    t.match(await traces(campus), { orders: 1, payments: 1, places: 1, keys: 1, balance: 95_500 })
  },
)

t.test('a call that is still under way elsewhere keeps its key', async (t) => {
  const { place, database, campus } = await startCampusApp(t)
  await database.primary.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('k-1', hashtext(${campus.customer.id}::text)))`.execute(
      tx,
    )
    t.match(await place({}, { key: 'k-1' }), { status: 409, body: { code: 'idempotency_key_in_use' } })
  })
  t.equal((await place({}, { key: 'k-1' })).status, 201)
})
