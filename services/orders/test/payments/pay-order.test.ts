import { randomUUID } from 'node:crypto'
import t from 'tap'
import { addUser } from '../builders.ts'
import { type ApiAnswer, startPayingCampus } from './paying-campus.ts'

const campus = await startPayingCampus(t)

const card = (token: string) => ({ method: 'card', token })

t.test('each card token leads to its answer and its state', async (t) => {
  const { db, place, order, payment, atProvider, check } = await campus.openKitchen()

  const paid = await place(card('tok_ok'))
  t.match(paid, {
    status: 201,
    body: { status: 'placed', version: 2, payment: { status: 'authorized', provider: 'sandbox' } },
  })
  t.match(await atProvider(paid.body.payment.id), { status: 'authorized', amountCents: 6500 })

  for (const [token, declineCode] of [
    ['tok_declined', 'card_declined'],
    ['tok_unheard_of', 'invalid_token'],
  ] as const) {
    const { caller } = await addUser(db)
    const declined = await place(card(token), { caller })
    t.match(declined, { status: 402, body: { code: 'payment_declined', declineCode } })
    t.match(await order(declined.body.orderId), { status: 'pending_payment' }, 'it may be paid otherwise')
    t.match(await payment(declined.body.paymentId), { status: 'declined', declineCode })
  }

  const late = await place(card('tok_late'))
  t.match(late, { status: 201, body: { status: 'pending_payment', payment: { status: 'pending' } } })
  await check(t)
})

t.test('after a decline the order is paid by another card, or by wallet', async (t) => {
  const { place, pay, get, topUp, balance, staff, check } = await campus.openKitchen()
  await topUp(10_000)

  const first = (await place(card('tok_declined'))).body.orderId
  t.match(await pay(first, card('tok_declined')), {
    status: 402,
    body: { code: 'payment_declined', orderId: first },
  })
  const paid = await pay(first, card('tok_ok'))
  t.match(paid, {
    status: 201,
    headers: { etag: '"2"' },
    body: { id: first, status: 'placed', paymentMethod: 'card' },
  })

  const second = (await place(card('tok_declined'))).body.orderId
  const fromWallet = await pay(second, { method: 'wallet' })
  t.match(fromWallet, {
    status: 201,
    body: { status: 'placed', paymentMethod: 'wallet', payment: { status: 'captured' } },
  })
  t.equal(await balance(), 3500)

  const attempts = await get(`/v1/orders/${second}/payments`)
  t.match(attempts.body.data, [
    { method: 'wallet', status: 'captured', orderId: second, amountCents: 6500, declineCode: null },
    { method: 'card', status: 'declined', declineCode: 'card_declined' },
  ])
  t.same((await get(`/v1/orders/${second}/payments`, staff.caller)).body, attempts.body, 'staff see them too')
  await check(t)
})

t.test('an order that is paid, being paid, over, or another customer’s is not paid again', async (t) => {
  const { db, place, pay, get, expire, payment, check } = await campus.openKitchen()
  const stranger = (await addUser(db)).caller

  const paid = (await place(card('tok_ok'))).body
  t.match(await pay(paid.id, card('tok_ok')), {
    status: 409,
    body: { code: 'order_already_paid', paymentId: paid.payment.id },
  })
  const waiting = (await place(card('tok_late'))).body
  t.match(await pay(waiting.id, card('tok_ok')), {
    status: 409,
    body: { code: 'payment_in_progress', paymentId: waiting.payment.id, paymentStatus: 'pending' },
  })
  const declined = (await place(card('tok_declined'))).body.orderId
  t.match(await pay(declined, card('tok_ok'), { caller: stranger }), {
    status: 404,
    body: { code: 'order_not_found' },
  })
  t.match(await get(`/v1/orders/${declined}/payments`, stranger), {
    status: 404,
    body: { code: 'order_not_found' },
  })
  t.match(await pay(randomUUID(), card('tok_ok')), { status: 404 })
  t.match(await pay(declined, { method: 'wallet' }), {
    status: 402,
    body: { code: 'insufficient_balance', balanceCents: 0, totalCents: 6500 },
  })
  t.match(await pay(declined, { method: 'card' }), { status: 400, body: { code: 'validation_failed' } })
  t.match(await payment(waiting.payment.id), { status: 'pending' })
  await expire()
  t.match(await pay(declined, card('tok_ok')), {
    status: 409,
    body: { code: 'order_not_payable', orderStatus: 'expired' },
  })
  await check(t)
})

t.test('a key is answered once, whatever it is asked again', async (t) => {
  const { place, pay, payments, check } = await campus.openKitchen()
  const { orderId } = (await place(card('tok_declined'))).body
  const key = randomUUID()
  const first = await pay(orderId, card('tok_ok'), { key })
  t.equal(first.status, 201)
  t.same((await pay(orderId, card('tok_ok'), { key })).body, first.body)
  t.match(await pay(orderId, card('tok_other'), { key }), {
    status: 422,
    body: { code: 'idempotency_key_reused' },
  })
  const again = randomUUID()
  const declined = await place(card('tok_declined'), { key: again })
  const repeated = await place(card('tok_declined'), { key: again })
  t.match(repeated, {
    status: 402,
    body: { orderId: declined.body.orderId, paymentId: declined.body.paymentId },
  })
  t.equal((await payments()).length, 3)
  await check(t)
})

t.test('however many pay an order at once, it is charged once', async (t) => {
  const { place, pay, topUp, balance, db, atProvider, check } = await campus.openKitchen()
  await topUp(100_000)
  const { orderId } = (await place(card('tok_declined'))).body
  const attempts = Array.from({ length: 16 }, (_, index) =>
    pay(orderId, index % 2 === 0 ? card('tok_ok') : { method: 'wallet' }),
  )
  const answers: ApiAnswer[] = await Promise.all(attempts)
  t.equal(answers.filter(({ status }) => status === 201).length, 1)
  t.equal(answers.filter(({ status }) => status === 409).length, 15)
  const attempted = await db.selectFrom('payments').selectAll().where('orderId', '=', orderId).execute()
  t.equal(attempted.length, 2, 'the declined one and the one that went through')
  const charged = attempted.find(({ status }) => status !== 'declined')
  if (charged?.provider === 'wallet') t.equal(await balance(), 93_500)
  else t.match(await atProvider(charged?.id as string), { status: 'authorized' })
  await check(t)
})

t.test('without a provider nothing is charged, and the order waits for another attempt', async (t) => {
  const { place, pay, payment, topUp, balance } = await campus.openKitchen()
  await topUp(10_000)
  await campus.sandbox.close()
  const failed = await place(card('tok_ok'))
  t.match(failed, {
    status: 503,
    body: { code: 'payment_provider_unavailable' },
    headers: { 'retry-after': '5' },
  })
  t.match(await payment(failed.body.paymentId), { status: 'failed', nextAttemptAt: null })
  const key = randomUUID()
  t.match(await pay(failed.body.orderId, card('tok_ok'), { key }), { status: 503 })
  t.match(
    await pay(failed.body.orderId, card('tok_ok'), { key }),
    { status: 503 },
    'the same key may try again',
  )
  t.match(await topUp(100), { status: 503, body: { code: 'payment_provider_unavailable' } })
  t.match(await pay(failed.body.orderId, { method: 'wallet' }), { status: 201, body: { status: 'placed' } })
  t.equal(await balance(), 3500)
})

t.test('a card whose provider does not answer in time is unknown, and the provider has it', async (t) => {
  // The wait is what is tested; it is long enough for the request to arrive.
  const impatient = await startPayingCampus(t, { PAYMENT_TIMEOUT_SECONDS: '5' })
  const { place, atProvider, check } = await impatient.openKitchen()
  const unanswered = await place(card('tok_timeout'))
  t.match(unanswered, { status: 201, body: { status: 'pending_payment', payment: { status: 'unknown' } } })
  t.match(await atProvider(unanswered.body.payment.id), { status: 'authorized' })
  await check(t)
})
