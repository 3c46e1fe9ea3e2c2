import { randomUUID } from 'node:crypto'
import { settleCapture, settleRefund } from '@comanda/payments'
import t from 'tap'
import { addCafeteria, addProduct, addUser } from '../builders.ts'
import { startPayingCampus } from './paying-campus.ts'

const campus = await startPayingCampus(t)

t.test('a wallet payment is refunded in parts, and never beyond what was paid', async (t) => {
  const { topUp, place, post, balance, staff, get, db, check } = await campus.openKitchen()
  await topUp(10_000)
  const { payment, id: orderId } = (await place({ method: 'wallet' })).body
  const refund = (body: object, key?: string) =>
    post(`/v1/payments/${payment.id}/refunds`, body, {
      caller: staff.caller,
      ...(key === undefined ? {} : { key }),
    })

  const key = randomUUID()
  const first = await refund({ amountCents: 1500, reason: 'cold' }, key)
  t.match(first, {
    status: 201,
    body: {
      paymentId: payment.id,
      orderId,
      amountCents: 1500,
      currency: 'MXN',
      reason: 'cold',
      status: 'succeeded',
    },
  })
  t.same(
    (await refund({ amountCents: 1500, reason: 'cold' }, key)).body,
    first.body,
    'repeated, it is the same refund',
  )
  t.match(await refund({ amountCents: 1600, reason: 'cold' }, key), {
    status: 422,
    body: { code: 'idempotency_key_reused' },
  })
  t.equal(await balance(), 5000)

  t.match(await refund({ amountCents: 5001, reason: 'all' }), {
    status: 409,
    body: { code: 'refund_exceeds_payment', refundableCents: 5000 },
  })
  t.match(await refund({ reason: 'all' }), { status: 201, body: { amountCents: 5000 } })
  t.match(await refund({ reason: 'all' }), { status: 409, body: { code: 'refund_exceeds_payment' } })
  t.equal(await balance(), 10_000)
  t.match((await get(`/v1/orders/${orderId}/payments`)).body.data, [{ refundedCents: 6500 }])

  const audit = await db
    .selectFrom('auditLog')
    .selectAll()
    .where('subjectId', '=', payment.id)
    .orderBy('id')
    .execute()
  t.match(audit, [
    {
      actorId: staff.id,
      subjectId: payment.id,
      before: { refundedCents: 0 },
      after: { refundedCents: 1500 },
    },
    {
      actorId: staff.id,
      subjectId: payment.id,
      before: { refundedCents: 1500 },
      after: { refundedCents: 6500 },
    },
  ])
  await check(t)
})

t.test('many refunds at once give back no more than was paid', async (t) => {
  const { topUp, place, post, balance, staff, check } = await campus.openKitchen()
  await topUp(6500)
  const { payment } = (await place({ method: 'wallet' })).body
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      post(
        `/v1/payments/${payment.id}/refunds`,
        { amountCents: 2000, reason: 'late' },
        { caller: staff.caller },
      ),
    ),
  )
  t.same(answers.filter(({ status }) => status === 201).length, 3)
  t.equal(await balance(), 6000)
  await check(t)
})

t.test('a card payment is refunded once it is taken; until then the order is to be cancelled', async (t) => {
  const { db, place, post, staff, check } = await campus.openKitchen()
  const { payment, id } = (await place({ method: 'card', token: 'tok_ok' })).body
  const as = { caller: staff.caller }
  const refund = () => post(`/v1/payments/${payment.id}/refunds`, { amountCents: 500, reason: 'spilt' }, as)
  t.match(await refund(), {
    status: 409,
    body: { code: 'payment_not_refundable', paymentStatus: 'authorized' },
  })
  await post(`/v1/orders/${id}/accept`, {}, as)
  await post(`/v1/orders/${id}/start`, {}, as)
  t.match(await refund(), { status: 201, body: { status: 'pending', amountCents: 500 } })
  await settleCapture(db, payment.id, { outcome: 'succeeded' })
  t.match(await refund(), { status: 201, body: { status: 'pending' } })
  await check(t)
})

t.test('only who works at the cafeteria refunds', async (t) => {
  const { db, topUp, place, post, customer, balance } = await campus.openKitchen()
  const top = await topUp(6500)
  const { payment } = (await place({ method: 'wallet' })).body
  const elsewhere = await addCafeteria(db)
  const foreigner = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })
  const admin = await addUser(db, { isAdmin: true })
  const refund = (caller = customer.caller, id: string = payment.id) =>
    post(`/v1/payments/${id}/refunds`, { reason: 'please' }, { caller })
  t.match(await refund(), { status: 403 })
  t.match(await refund(foreigner.caller), { status: 404, body: { code: 'payment_not_found' } })
  t.match(await refund(admin.caller, randomUUID()), { status: 404 })
  t.match(await refund(admin.caller, top.body.id), { status: 404 }, 'a top-up is no payment for anything')
  t.equal(await balance(), 0)
  t.match(await refund(admin.caller), { status: 201 })
  t.equal(await balance(), 6500)
})

t.test(
  'a refund by line gives back what its pieces cost, and never more pieces than were bought',
  async (t) => {
    const { db, cafeteria, product, topUp, post, balance, staff, check } = await campus.openKitchen()
    await topUp(100_000)
    const drink = await addProduct(db, { cafeteriaId: cafeteria.id, priceCents: 1500 })
    const gift = await addProduct(db, { cafeteriaId: cafeteria.id, priceCents: 0 })
    const order = {
      cafeteriaId: cafeteria.id,
      items: [
        { productId: product.id, quantity: 3 },
        { productId: drink.id, quantity: 1 },
        { productId: gift.id, quantity: 1 },
      ],
      pickup: 'asap',
      payment: { method: 'wallet' },
    }
    const { payment, items } = (await post('/v1/orders', order)).body
    const [meals, drinks, gifts] = items.map(({ id }: { id: string }) => id)
    t.equal(await balance(), 79_000)
    const refund = (body: object, key?: string) =>
      post(
        `/v1/payments/${payment.id}/refunds`,
        { reason: 'cold', ...body },
        {
          caller: staff.caller,
          ...(key === undefined ? {} : { key }),
        },
      )
    const lines = (...pieces: [itemId: string, quantity: number][]) => ({
      items: pieces.map(([itemId, quantity]) => ({ itemId, quantity })),
    })

    const key = randomUUID()
    const first = await refund(lines([meals, 1], [drinks, 1]), key)
    t.match(first, {
      status: 201,
      body: {
        amountCents: 8000,
        items: [
          { itemId: meals, quantity: 1, amountCents: 6500 },
          { itemId: drinks, quantity: 1, amountCents: 1500 },
        ],
      },
    })
    t.same((await refund(lines([meals, 1], [drinks, 1]), key)).body, first.body)
    t.match(await refund(lines([meals, 2], [drinks, 1])), {
      status: 409,
      body: { code: 'refund_exceeds_line', itemId: drinks, refundableQuantity: 0 },
    })
    t.match(await refund(lines([meals, 2], [meals, 1])), {
      status: 409,
      body: { code: 'refund_exceeds_line', itemId: meals, refundableQuantity: 2 },
    })
    t.match(await refund(lines([randomUUID(), 1])), { status: 422, body: { code: 'order_item_unknown' } })
    t.match(await refund({ ...lines([meals, 1]), amountCents: 1 }), {
      status: 400,
      body: { code: 'refund_ambiguous', errors: [{ field: 'items' }] },
    })
    t.match(await refund(lines()), { status: 400 })
    t.equal(await balance(), 87_000)
    t.match(await refund(lines([gifts, 1])), { status: 422, body: { code: 'refund_amounts_to_nothing' } })

    const answers = await Promise.all(Array.from({ length: 6 }, () => refund(lines([meals, 1]))))
    t.equal(answers.filter(({ status }) => status === 201).length, 2, 'also at once')
    t.equal(await balance(), 100_000)
    await check(t)
  },
)

t.test(
  'a refund by line is no more than what is left, and a refused one can be asked for again',
  async (t) => {
    const { db, place, post, staff, check } = await campus.openKitchen()
    const { payment, id, items } = (await place({ method: 'card', token: 'tok_ok' })).body
    const as = { caller: staff.caller }
    await post(`/v1/orders/${id}/accept`, {}, as)
    await post(`/v1/orders/${id}/start`, {}, as)
    await settleCapture(db, payment.id, { outcome: 'succeeded' })
    const refund = (body: object) =>
      post(`/v1/payments/${payment.id}/refunds`, { reason: 'cold', ...body }, as)
    const line = { items: [{ itemId: items[0].id, quantity: 1 }] }
    const asked = await refund(line)
    t.match(asked, { status: 201, body: { status: 'pending', amountCents: 6500 } })
    t.match(await refund(line), { status: 409, body: { code: 'refund_exceeds_line' } })
    await settleRefund(db, asked.body.id, { outcome: 'refused' })
    t.match(await refund({ amountCents: 500 }), { status: 201, body: { items: null } })
    t.match(await refund(line), {
      status: 409,
      body: { code: 'refund_exceeds_payment', refundableCents: 6000 },
    })
    t.match(await refund({ amountCents: Number.MAX_SAFE_INTEGER }), {
      status: 409,
      body: { code: 'refund_exceeds_payment' },
    })
    await check(t)
  },
)
