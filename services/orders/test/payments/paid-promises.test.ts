import { sql } from 'kysely'
import t from 'tap'
import { addUser } from '../builders.ts'
import { startPayingCampus } from './paying-campus.ts'

/** What happens while the provider makes up its mind. */
let meanwhile = async () => {}
const campus = await startPayingCampus(
  t,
  {},
  {
    prepare: (sandbox) =>
      sandbox.addHook('onSend', async (request) => {
        if (request.method === 'POST' && request.url === '/authorizations') await meanwhile()
      }),
  },
)
const byCard = { method: 'card', token: 'tok_ok' }
/** How many seconds from now a moment is, to five of them. */
const fromNow = (at: string) => 5 * Math.round((Date.parse(at) - Date.now()) / 5000)

/** A kitchen with one cook, and a customer whose orders others wait for. */
async function openKitchen() {
  const kitchen = await campus.openKitchen()
  const { db, cafeteria, place } = kitchen
  await db.updateTable('cafeterias').set({ cooks: 1 }).where('id', '=', cafeteria.id).execute()
  const { caller } = await addUser(db, { balanceCents: 1_000_000 })
  const placeOthers = async (count: number) => {
    for (let placed = 0; placed < count; placed += 1)
      t.equal((await place({ method: 'wallet' }, { caller })).status, 201)
  }
  const stored = (id: string) =>
    db.selectFrom('orders').select(['naiveSeconds', 'beginAt']).where('id', '=', id).executeTakeFirstOrThrow()
  t.teardown(() => {
    meanwhile = async () => {}
  })
  return { ...kitchen, placeOthers, stored }
}

t.test('a card that is authorised at once changes no promise, not even that of an older quote', async (t) => {
  const { db, post, cafeteria, product, stored, placeOthers } = await openKitchen()
  const asked = { cafeteriaId: cafeteria.id, items: [{ productId: product.id, quantity: 9 }], pickup: 'asap' }
  const { body: quoted } = await post('/v1/quotes', asked)
  const createdAt = new Date(Date.now() - 100_000).toISOString()
  await db.updateTable('quotes').set({ createdAt }).where('id', '=', quoted.quoteId).execute()
  await db.updateTable('products').set({ stockQuantity: null }).where('id', '=', product.id).execute()
  await placeOthers(1)
  const { status, body } = await post('/v1/orders', { ...asked, quoteId: quoted.quoteId, payment: byCard })
  t.match({ status, body }, { status: 201, body: { status: 'placed', promisedAt: quoted.promisedAt } })
  const { naiveSeconds, beginAt } = await stored(body.id)
  t.equal(naiveSeconds, 540)
  t.equal(Date.parse(beginAt), Date.parse(createdAt))
})

t.test('a card that is authorised late is promised for what waits by then', async (t) => {
  const { db, place, placeOthers, stored } = await openKitchen()
  meanwhile = async () => {
    meanwhile = async () => {}
    await sql`update orders set created_at = created_at - interval '1 minute', begin_at = begin_at - interval '1 minute',
      pickup_at = pickup_at - interval '1 minute', promised_at = promised_at - interval '1 minute'
      where status = 'pending_payment'`.execute(db)
    await sql`update payments set created_at = created_at - interval '1 minute' where status = 'pending'`.execute(
      db,
    )
    await placeOthers(3)
  }
  const { status, body } = await place(byCard)
  t.match({ status, body }, { status: 201, body: { status: 'placed' } })
  t.equal(fromNow(body.promisedAt), 240, 'three orders of a minute are before it')
  t.equal(body.pickupAt, body.promisedAt)
  const { naiveSeconds, beginAt } = await stored(body.id)
  t.equal(naiveSeconds, 240)
  t.equal(fromNow(beginAt), 0)
})

t.test('another attempt to pay is promised for what waits by then', async (t) => {
  const { place, pay, placeOthers, stored } = await openKitchen()
  const declined = await place({ method: 'card', token: 'tok_declined' })
  t.match(declined, { status: 402, body: { orderId: String } })
  await placeOthers(4)
  const { status, body } = await pay(declined.body.orderId, byCard)
  t.match({ status, body }, { status: 201, body: { status: 'placed' } })
  t.equal(fromNow(body.promisedAt), 300)
  t.equal((await stored(body.id)).naiveSeconds, 300)
})

t.test('another attempt to pay is not too late because the order is old', async (t) => {
  const { db, cafeteria, place, pay } = await openKitchen()
  await sql`update pickup_slots set ends_at = now() + interval '4 minutes'
    where cafeteria_id = ${cafeteria.id} and starts_at <= now() and ends_at > now()`.execute(db)
  const { orderId } = (await place({ method: 'card', token: 'tok_declined' })).body
  const { promisedAt: first } = await db
    .updateTable('orders')
    .set({ createdAt: sql<string>`created_at - interval '8 minutes'` })
    .where('id', '=', orderId)
    .returning('promisedAt')
    .executeTakeFirstOrThrow()
  const { status, body } = await pay(orderId, byCard)
  t.match({ status, body }, { status: 201, body: { status: 'placed' } })
  t.ok(Date.parse(body.promisedAt) >= Date.parse(first))
  t.equal(fromNow(body.promisedAt), 60)
})

t.test(
  'an order whose card is declined has used its quote: it keeps the total, and is promised anew',
  async (t) => {
    const { db, post, pay, cafeteria, product, placeOthers } = await openKitchen()
    const asked = {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: 1 }],
      pickup: 'asap',
    }
    const { body: quoted } = await post('/v1/quotes', asked)
    const order = { ...asked, quoteId: quoted.quoteId }
    const declined = await post('/v1/orders', {
      ...order,
      payment: { method: 'card', token: 'tok_declined' },
    })
    t.match(declined, { status: 402, body: { orderId: String } })
    t.match(await post('/v1/orders', { ...order, payment: byCard }), {
      status: 422,
      body: { code: 'quote_unknown' },
    })
    await db.updateTable('products').set({ priceCents: 7000 }).where('id', '=', product.id).execute()
    await placeOthers(3)
    const { status, body } = await pay(declined.body.orderId, byCard)
    t.match({ status, body }, { status: 201, body: { status: 'placed', totalCents: quoted.totalCents } })
    t.equal(fromNow(body.promisedAt), 240, 'three orders of a minute are before it')
  },
)
