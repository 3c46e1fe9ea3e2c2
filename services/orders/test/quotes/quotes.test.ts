import { randomUUID } from 'node:crypto'
import t from 'tap'
import { addModifierGroup, addSlot } from '../builders.ts'
import { traces } from '../orders/traces.ts'
import { secondsFrom, startQuotingCampus } from './quoting-campus.ts'

const campus = await startQuotingCampus(t)
const { db, openKitchen, place, quote } = campus
const { admin } = campus.campus

t.test('a quote says what each line and all of them cost, and when they would be ready', async (t) => {
  const { asked, product } = await openKitchen()
  const group = await addModifierGroup(db, { cafeteriaId: asked.cafeteriaId, productIds: [product.id] })
  const items = [
    ...asked.items,
    { productId: product.id, quantity: 3, modifierIds: [group.modifiers[0]?.id] },
  ]
  const before = await traces(campus)
  const { status, body } = await quote({ ...asked, items })
  t.match(
    { status, body },
    {
      status: 201,
      body: {
        cafeteriaId: asked.cafeteriaId,
        items: [
          { productId: product.id, name: product.name, quantity: 2, unitPriceCents: 100, totalCents: 200 },
          { productId: product.id, name: product.name, quantity: 3, unitPriceCents: 900, totalCents: 2700 },
        ],
        totalCents: 2900,
        currency: 'MXN',
      },
    },
  )
  const { promisedAt, expiresAt, p50ReadyAt, p90ReadyAt, earliestPickupAt } = body
  const at = new Date(Date.parse(expiresAt) - 120_000).toISOString()
  t.ok(Math.abs(Date.parse(at) - Date.now()) < 20_000)
  t.equal(secondsFrom(at, promisedAt), 1500, 'an empty kitchen makes five, one after the other')
  t.strictSame([p50ReadyAt, p90ReadyAt, earliestPickupAt], [promisedAt, promisedAt, promisedAt])
  t.ok(Date.parse(promisedAt) < Date.parse(body.pickupUntil))
  t.same(await traces(campus), before, 'nothing is taken for it')
})

t.test('a quote for a slot to come is for its beginning', async (t) => {
  const { asked } = await openKitchen()
  const slot = await addSlot(db, { cafeteriaId: asked.cafeteriaId })
  const inSlot = { ...asked, pickup: undefined, slotId: slot.id }
  const { body } = await quote(inSlot)
  const { startsAt } = slot
  t.match(body, { slotId: slot.id, p50ReadyAt: startsAt, promisedAt: startsAt, pickupUntil: slot.endsAt })
  t.ok(Date.parse(body.earliestPickupAt) < Date.parse(startsAt))
  t.match(await place({ ...inSlot, quoteId: body.quoteId }), {
    status: 201,
    body: { slotId: slot.id, promisedAt: startsAt, totalCents: 200 },
  })
})

t.test('what was learnt of the kitchen is in the quote', async (t) => {
  const { asked } = await openKitchen()
  await db
    .insertInto('promiseModels')
    .values({ cafeteriaId: asked.cafeteriaId, learnt: 9, theta: Math.log(1.25), p50: [1.1], p90: [1.6] })
    .execute()
  const { body } = await quote(asked)
  const at = new Date(Date.parse(body.expiresAt) - 120_000).toISOString()
  t.equal(secondsFrom(at, body.p50ReadyAt), 660)
  t.equal(secondsFrom(at, body.p90ReadyAt), 1200)
  t.strictSame(body.promisedAt, body.p90ReadyAt)
  const { body: placed } = await place(asked)
  t.equal(
    secondsFrom(placed.createdAt, placed.promisedAt),
    1200,
    'an order without a quote is promised the same',
  )
})

t.test('what cannot be ordered is not quoted', async (t) => {
  const { asked, product } = await openKitchen()
  const code = async (body: object) => {
    const answer = await quote({ ...asked, ...body })
    return `${answer.status} ${answer.body.code}`
  }
  t.equal(await code({ cafeteriaId: randomUUID() }), '422 cafeteria_unknown')
  t.equal(await code({ pickup: undefined, slotId: randomUUID() }), '422 slot_unknown')
  t.equal(await code({ items: [{ productId: randomUUID(), quantity: 1 }] }), '422 product_unknown')
  t.equal(
    await code({ items: [{ productId: product.id, quantity: 1, modifierIds: [randomUUID()] }] }),
    '422 modifier_unknown',
  )
  t.equal(await code({ latestPickupAt: new Date(Date.now() + 1000).toISOString() }), '409 pickup_too_late')
  t.equal(
    await code({ slotId: randomUUID() }),
    '400 validation_failed',
    'both a slot and as soon as possible',
  )
  t.equal(await code({ payment: { method: 'wallet' } }), '400 validation_failed')
  t.equal((await quote(asked, admin.caller)).status, 201)
})
