import { createHash, randomUUID } from 'node:crypto'
import t from 'tap'
import { addUser } from '../builders.ts'
import { startPayingCampus } from '../payments/paying-campus.ts'

const campus = await startPayingCampus(t)

t.test('a top-up is charged and booked once per key', async (t) => {
  const { get, topUp, balance, payments, check } = await campus.openKitchen()
  t.match(await get('/v1/wallet'), { status: 200, body: { balanceCents: 0, currency: 'MXN' } })
  const key = randomUUID()
  const first = await topUp(5000, { key })
  t.match(first, {
    status: 201,
    body: {
      purpose: 'top_up',
      orderId: null,
      method: 'card',
      status: 'captured',
      amountCents: 5000,
      balanceCents: 5000,
    },
  })
  t.match(await topUp(2500), { status: 201, body: { balanceCents: 7500 } })
  t.same((await topUp(5000, { key })).body, first.body, 'the first answer')
  t.match(await topUp(5001, { key }), { status: 422, body: { code: 'idempotency_key_reused' } })
  t.equal(await balance(), 7500)

  const together = randomUUID()
  const answers = await Promise.all(Array.from({ length: 8 }, () => topUp(1000, { key: together })))
  for (const { status, body } of answers)
    t.ok(status === 201 || body.code === 'idempotency_key_in_use', `${status}`)
  t.equal(await balance(), 8500)
  const charges = (await payments()).filter(({ amountCents }) => amountCents === 1000)
  t.equal(charges.length, 1)
  await check(t)
})

t.test('a top-up that the release before began is answered when it is repeated', async (t) => {
  const { customer, topUp, balance, check } = await campus.openKitchen()
  const db = campus.database.primary
  const key = randomUUID()
  const first = await topUp(5000, { key })
  t.equal(first.status, 201)
  const kept = await db
    .updateTable('idempotencyKeys')
    .set({ requestHash: createHash('sha256').update('[5000,"tok_ok"]').digest() })
    .where('userId', '=', customer.id)
    .where('key', '=', key)
    .executeTakeFirst()
  t.equal(Number(kept.numUpdatedRows), 1)
  t.match(await topUp(5000, { key }), { status: 201, body: first.body })
  t.match(await topUp(5000, { key, token: 'tok_other' }), {
    status: 422,
    body: { code: 'idempotency_key_reused' },
  })
  t.equal(await balance(), 5000)
  await check(t)
})

t.test('a top-up that is not charged leaves the wallet alone', async (t) => {
  const { topUp, balance, post, check } = await campus.openKitchen()
  const key = randomUUID()
  for (const attempt of ['first', 'repeated']) {
    t.match(
      await topUp(5000, { token: 'tok_declined', key }),
      { status: 402, body: { code: 'payment_declined', declineCode: 'card_declined' } },
      attempt,
    )
  }
  t.match(await topUp(5000, { token: 'tok_timeout' }), {
    status: 201,
    body: { status: 'unknown', balanceCents: 0 },
  })
  for (const body of [
    { amountCents: 0, token: 'tok_ok' },
    { amountCents: 1.5, token: 'tok_ok' },
    { amountCents: 5 },
  ]) {
    t.match(await post('/v1/wallet/top-ups', body), { status: 400, body: { code: 'validation_failed' } })
  }
  t.equal(await balance(), 0)
  await check(t)
})

t.test('transactions are the caller’s own, newest first, by cursor and by page', async (t) => {
  const { get, topUp, place, post, staff, customer, db, check } = await campus.openKitchen()
  await topUp(20_000)
  const { id: orderId, payment } = (await place({ method: 'wallet' })).body
  await post(
    `/v1/payments/${payment.id}/refunds`,
    { amountCents: 500, reason: 'cold' },
    { caller: staff.caller },
  )
  await topUp(100)

  const all = await get('/v1/transactions')
  t.equal(all.status, 200)
  t.match(all.body, {
    nextCursor: null,
    data: [
      { kind: 'top_up', method: 'card', amountCents: 100, orderId: null },
      { kind: 'refund', method: 'wallet', amountCents: 500, orderId, paymentId: payment.id },
      { kind: 'payment', method: 'wallet', amountCents: 6500, currency: 'MXN', orderId, refundId: null },
      { kind: 'top_up', method: 'card', amountCents: 20_000 },
    ],
  })

  const seen: unknown[] = []
  let cursor: string | null = null
  do {
    const path: string = `/v1/transactions?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`
    const { body } = await get(path)
    seen.push(...body.data)
    cursor = body.nextCursor
  } while (cursor !== null)
  t.same(seen, all.body.data)

  t.same((await get('/v1/transactions?page=2&limit=3&fields=kind,amountCents')).body, {
    data: [{ kind: 'top_up', amountCents: 20_000 }],
    pagination: { total: 4, totalIsExact: true, page: 2, limit: 3, totalPages: 2 },
  })
  t.same((await get('/v1/transactions?limit=1&fields=kind')).body.data, [{ kind: 'top_up' }])
  t.match(await get('/v1/transactions?fields=debitAccountId'), {
    status: 400,
    body: { code: 'unknown_field' },
  })
  t.match(await get('/v1/transactions?cursor=x'), { status: 400, body: { code: 'invalid_cursor' } })
  t.same((await get('/v1/transactions', (await addUser(db)).caller)).body, { data: [], nextCursor: null })
  t.match((await get('/v1/wallet', customer.caller)).body, { balanceCents: 14_100 })
  await check(t)
})
