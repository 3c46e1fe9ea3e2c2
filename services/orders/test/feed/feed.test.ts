import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addUser } from '../builders.ts'
import { startCampusApp } from '../orders/campus-app.ts'
import { sequenceAll } from './sequence-all.ts'

const { place, move, campus, call, as, database, statements } = await startCampusApp(t)
const db = database.primary
const { cafeteria, customer, staff, manager, admin } = campus
const elsewhere = await addCafeteria(db, { slotDays: null })

const read = (query = '', { caller = staff.caller, cafeteriaId = cafeteria.id } = {}) =>
  call({ url: `/v1/cafeterias/${cafeteriaId}/feed${query}`, headers: as(caller) })
const seqs = (body: { data: { seq: number }[] }) => body.data.map(({ seq }) => seq)

t.test('a cafeteria where nothing has happened has an empty feed', async (t) => {
  t.match(await read(), { status: 200, body: { data: [], newest: 0 } })
})

t.test('what happened is listed in order, from any number on, in one statement', async (t) => {
  const [first, second] = [(await place()).body, (await place()).body]
  await move(first.id, 'accept', staff.caller)
  await move(second.id, 'reject', manager.caller, { body: { reason: 'Sold out' } })
  t.same((await read()).body.newest, 0, 'not before the worker has numbered it')
  await sequenceAll(db)

  statements.length = 0
  const { status, body } = await read()
  t.equal(statements.length, 1)
  t.equal(status, 200)
  t.equal(body.newest, body.data.length)
  t.same(
    seqs(body),
    body.data.map((_: unknown, index: number) => index + 1),
  )
  for (const order of [first, second]) {
    const { body: events } = await call({
      url: `/v1/orders/${order.id}/events`,
      headers: as(customer.caller),
    })
    const ours = body.data.map(({ event }: { event: { orderId: string } }) => event)
    t.strictSame(
      ours.filter(({ orderId }: { orderId: string }) => orderId === order.id),
      events.data,
      'the events of an order, in its own order',
    )
  }
  t.match(body.data.at(-1), {
    event: { orderId: second.id, type: 'order.rejected', actorRole: 'manager', reason: 'Sold out' },
  })

  const { newest, oldest } = body
  t.strictSame((await read('?after=1&limit=2')).body, { data: body.data.slice(1, 3), newest, oldest })
  t.strictSame((await read(`?after=${newest}`)).body, { data: [], newest, oldest })
  t.strictSame((await read(`?after=${Number.MAX_SAFE_INTEGER}`)).body.data, [])

  await move(first.id, 'start', staff.caller)
  await sequenceAll(db)
  const later = await read(`?after=${body.newest}`)
  t.match(later.body, {
    data: [{ seq: body.newest + 1, event: { orderId: first.id, type: 'order.preparing' } }],
    newest: body.newest + 1,
  })
})

t.test(
  'what is not kept any more is refused with where to go on, and all that is kept is given',
  async (t) => {
    const { body: all } = await read()
    t.equal(all.oldest, 1)
    await sql`select prune_feed('0 seconds', 3)`.execute(db)
    for (const after of [0, 1, 2])
      t.match(await read(`?after=${after}`), { status: 410, body: { code: 'feed_expired', oldest: 4 } })
    const kept = { data: all.data.slice(3), newest: all.newest, oldest: 4 }
    t.strictSame((await read()).body, kept)
    t.strictSame((await read('?after=3')).body, kept)
    const stream = await call({
      url: `/v1/cafeterias/${cafeteria.id}/feed`,
      headers: { ...as(staff.caller), accept: 'text/event-stream', 'last-event-id': '2' },
    })
    t.match(stream, { status: 410, body: { code: 'feed_expired' } })
  },
)

t.test('a feed is for those who work there', async (t) => {
  const foreign = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })
  for (const { caller } of [staff, manager, admin]) t.equal((await read('', { caller })).status, 200)
  t.match(await read('', { caller: customer.caller }), { status: 403, body: { code: 'forbidden_role' } })
  const notThere = { status: 404, body: { code: 'cafeteria_not_found' } }
  t.match(await read('', { caller: foreign.caller }), notThere)
  t.match(await read('', { caller: admin.caller, cafeteriaId: customer.id }), notThere)
  t.match(await read('', { caller: foreign.caller, cafeteriaId: elsewhere.id }), {
    status: 200,
    body: { data: [], newest: 0 },
  })
})

t.test('a number that is none is refused', async (t) => {
  for (const query of ['?after=-1', '?after=1e300', '?after=x', '?limit=0', '?limit=101', '?cursor=x']) {
    t.match(await read(query), { status: 400, body: { code: 'validation_failed' } }, query)
  }
})
