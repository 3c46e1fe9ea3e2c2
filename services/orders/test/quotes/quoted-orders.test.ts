import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { addSlot, addUser } from '../builders.ts'
import { traces } from '../orders/traces.ts'
import { secondsFrom, startQuotingCampus } from './quoting-campus.ts'

const campus = await startQuotingCampus(t)
const { db, openKitchen, place, quote } = campus
const { customer } = campus.campus

t.test('the promise of a quote is kept while the queue grows', async (t) => {
  const { asked } = await openKitchen()
  const { body: quoted } = await quote(asked)
  for (const key of ['first', 'second']) t.equal((await place(asked, { key })).status, 201)
  const { body: later } = await quote(asked)
  t.equal(
    secondsFrom(quoted.expiresAt, later.expiresAt) + 1200,
    secondsFrom(quoted.promisedAt, later.promisedAt),
  )
  const { status, body } = await place({ ...asked, quoteId: quoted.quoteId })
  t.match(
    { status, body },
    { status: 201, body: { promisedAt: quoted.promisedAt, pickupAt: quoted.promisedAt } },
  )
  const { naiveSeconds, beginAt } = await db
    .selectFrom('orders')
    .select(['naiveSeconds', 'beginAt'])
    .where('id', '=', body.id)
    .executeTakeFirstOrThrow()
  t.equal(naiveSeconds, 600, 'what is learnt from it is what the quote knew')
  t.equal(secondsFrom(beginAt, quoted.expiresAt), 120)
})

t.test('a quote is good for one order', async (t) => {
  const { asked } = await openKitchen()
  const { body } = await quote(asked)
  const order = { ...asked, quoteId: body.quoteId }
  const answers = await Promise.all([1, 2, 3].map((n) => place(order, { key: `once ${n}` })))
  t.strictSame(answers.map(({ status }) => status).toSorted(), [201, 422, 422])
  const refused = answers.filter(({ status }) => status === 422)
  t.ok(refused.every((answer) => answer.body.code === 'quote_unknown'))
  const placed = answers.find(({ status }) => status === 201)
  const key = `once ${answers.indexOf(placed as (typeof answers)[0]) + 1}`
  t.same((await place(order, { key })).body, placed?.body, 'the same call has the same answer')
})

t.test('only its customer can use a quote, for what it is about, while it is valid', async (t) => {
  const { asked, product } = await openKitchen()
  const other = await addUser(db, { balanceCents: 100_000 })
  const slot = await addSlot(db, { cafeteriaId: asked.cafeteriaId })
  const elsewhere = await openKitchen()
  const { body: quoted } = await quote(asked)
  const { quoteId } = quoted
  const before = await traces(campus)
  const code = async (body: object, caller = customer.caller) => {
    const answer = await place({ ...asked, quoteId, ...body }, { caller })
    return `${answer.status} ${answer.body.code}`
  }
  t.equal(await code({ quoteId: randomUUID() }), '422 quote_unknown')
  t.equal(await code({}, other.caller), '422 quote_unknown')
  t.equal(await code({ items: [{ productId: product.id, quantity: 1 }] }), '422 quote_differs')
  t.equal(await code({ items: [{ ...asked.items[0], note: 'Hot' }] }), '422 quote_differs')
  t.equal(await code({ pickup: undefined, slotId: slot.id }), '422 quote_differs')
  t.equal(await code(elsewhere.asked), '422 quote_differs')
  t.equal(await code({ quoteId: 'none' }), '400 validation_failed')
  t.equal(await code({ expectedTotalCents: 1 }), '409 price_changed')
  await db.updateTable('products').set({ priceCents: 150 }).where('id', '=', product.id).execute()
  t.equal(await code({}), '409 price_changed', 'the total is that of the quote')
  t.equal(await code({ expectedTotalCents: 300 }), '409 price_changed', 'also for who expects another one')
  await db.updateTable('products').set({ priceCents: 100 }).where('id', '=', product.id).execute()
  t.same(await traces(campus), before)

  const expiresAt = new Date(Date.now() - 1000).toISOString()
  await db.updateTable('quotes').set({ expiresAt }).where('id', '=', quoteId).execute()
  const expired = await place({ ...asked, quoteId })
  t.match(expired, { status: 409, body: { code: 'quote_expired' } })
  t.equal(Date.parse(expired.body.expiredAt), Date.parse(expiresAt))
  const viaSql = sql`select place_order(${customer.id}, ${asked.cafeteriaId}, null, ${JSON.stringify(
    asked.items.map(({ productId, quantity }) => ({ quantity, product_id: productId })),
  )}, 'wallet', 'wallet', null, null, null, 'test', null, ${quoteId})`
  await t.rejects(viaSql.execute(db), { code: 'CM001', message: 'quote_expired' })
  await db
    .updateTable('quotes')
    .set({ expiresAt: new Date(Date.now() + 60_000).toISOString() })
    .where('id', '=', quoteId)
    .execute()
  await viaSql.execute(db)
  await t.rejects(viaSql.execute(db), { code: 'CM001', message: 'quote_unknown' })
})

t.test('a quote does not open what is closed, full, over or not served by then', async (t) => {
  const { asked, product } = await openKitchen()
  const { cafeteriaId } = asked
  const { body: quoted } = await quote(asked)
  const order = { ...asked, quoteId: quoted.quoteId }
  const setSlot = (values: object) =>
    db.updateTable('pickupSlots').set(values).where('id', '=', quoted.slotId).execute()
  await setSlot({ capacityOrders: 0 })
  t.match(await place(order), { status: 409, body: { code: 'slot_full', earliestPickupAt: String } })
  await setSlot({ capacityOrders: 20, closed: true })
  t.match(await place(order), { status: 409, body: { code: 'slot_closed', earliestPickupAt: String } })
  await setSlot({ closed: false })
  const { id: mealtimeId } = await db
    .insertInto('mealtimes')
    .values({ cafeteriaId, name: 'Never', starts: '03:00', ends: '03:01' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const serve = (mealtime: string | null) =>
    db.updateTable('products').set({ mealtimeId: mealtime }).where('id', '=', product.id).execute()
  await serve(mealtimeId)
  t.match(await place(order), { status: 409, body: { code: 'product_not_served' } })
  await serve(null)
  const { latestPickupAt, ...early } = {
    latestPickupAt: new Date(Date.now() + 60_000).toISOString(),
    ...order,
  }
  t.match(await place({ ...early, latestPickupAt }), { status: 409, body: { code: 'pickup_too_late' } })
  await db
    .updateTable('cafeterias')
    .set({ pausedAt: new Date().toISOString() })
    .where('id', '=', cafeteriaId)
    .execute()
  t.match(await place(order), { status: 409, body: { code: 'cafeteria_paused' } })
  await db.updateTable('cafeterias').set({ pausedAt: null }).where('id', '=', cafeteriaId).execute()
  t.match(
    await place(order),
    { status: 201, body: { promisedAt: quoted.promisedAt } },
    'after all of that it stands',
  )
})

t.test('a promise that has passed is made anew', async (t) => {
  const { asked } = await openKitchen()
  const { body: quoted } = await quote(asked)
  await db
    .updateTable('quotes')
    .set({ promisedAt: new Date(Date.now() - 1000).toISOString() })
    .where('id', '=', quoted.quoteId)
    .execute()
  const { status, body } = await place({ ...asked, quoteId: quoted.quoteId })
  t.equal(status, 201)
  t.equal(secondsFrom(body.createdAt, body.promisedAt), 600)
})

t.test('of two buyers with quotes for the last place one gets it', async (t) => {
  for (let run = 0; run < 10; run += 1) {
    const { asked } = await openKitchen()
    const slot = await addSlot(db, { cafeteriaId: asked.cafeteriaId, capacityOrders: 1 })
    const inSlot = { ...asked, pickup: undefined, slotId: slot.id }
    const buyers = await Promise.all([1, 2].map(() => addUser(db, { balanceCents: 10_000 })))
    const bought = await Promise.all(
      buyers.map(async ({ caller }) => {
        const { body } = await quote(inSlot, caller)
        return { body: { ...inSlot, quoteId: body.quoteId }, caller }
      }),
    )
    const answers = await Promise.all(bought.map(({ body, caller }) => place(body, { caller })))
    t.strictSame(answers.map(({ status }) => status).toSorted(), [201, 409], `run ${run}`)
    t.match(
      answers.find(({ status }) => status === 409),
      { body: { code: 'slot_full', earliestPickupAt: String } },
    )
    const { reservedOrders } = await db
      .selectFrom('pickupSlots')
      .select('reservedOrders')
      .where('id', '=', slot.id)
      .executeTakeFirstOrThrow()
    t.equal(reservedOrders, 1)
  }
})
