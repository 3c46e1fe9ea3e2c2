import t from 'tap'
import { addUser } from '../builders.ts'
import { startPayingCampus } from './paying-campus.ts'

const card = (token: string) => ({ method: 'card', token })
const campus = await startPayingCampus(t)

t.test(
  'a declined order gives its stock and its place back at once, and takes them when it is paid',
  async (t) => {
    const { place, pay, held, expire, topUp, check } = await campus.openKitchen()
    const first = (await place(card('tok_declined'))).body.orderId
    t.same(await held(), { units: 0, places: 0 })
    t.match(await pay(first, card('tok_declined')), { status: 402 })
    t.same(await held(), { units: 0, places: 0 }, 'nor does another decline hold anything')
    t.match(await pay(first, card('tok_ok')), { status: 201, body: { status: 'placed' } })
    t.same(await held(), { units: 1, places: 1 })

    await topUp(6500)
    const second = (await place(card('tok_declined'))).body.orderId
    t.match(await pay(second, { method: 'wallet' }), { status: 201 })
    t.same(await held(), { units: 2, places: 2 })

    await place(card('tok_declined'))
    await place(card('tok_late'))
    t.same(await held(), { units: 3, places: 3 }, 'while the provider decides, the order holds')
    await expire()
    t.same(await held(), { units: 0, places: 0 }, 'nothing is given back twice')
    await check(t)
  },
)

t.test('a declined order that the customer cancels gives nothing back twice', async (t) => {
  const { place, post, held, order } = await campus.openKitchen()
  const { orderId } = (await place(card('tok_declined'))).body
  t.match(await post(`/v1/orders/${orderId}/cancel`, {}), { status: 200 })
  t.match(await order(orderId), { status: 'cancelled' })
  t.same(await held(), { units: 0, places: 0 })
})

t.test(
  'what was sold meanwhile is refused when the declined order is paid, and nothing is charged',
  async (t) => {
    const { db, place, pay, payments, product, cafeteria, topUp, balance, held } = await campus.openKitchen()
    await topUp(6500)
    const { orderId } = (await place(card('tok_declined'))).body
    const tries = async (problem: object) => {
      for (const payment of [card('tok_ok'), { method: 'wallet' }]) {
        t.match(await pay(orderId, payment), { status: 409, body: problem })
      }
    }
    const setProduct = (values: object) =>
      db.updateTable('products').set(values).where('id', '=', product.id).execute()
    const setSlots = (values: object) =>
      db.updateTable('pickupSlots').set(values).where('cafeteriaId', '=', cafeteria.id).execute()

    await setProduct({ stockQuantity: 0 })
    await tries({ code: 'product_unavailable', productId: product.id, availableQuantity: 0 })
    await setProduct({ stockQuantity: null, available: false })
    await tries({ code: 'product_unavailable', productId: product.id })
    await setProduct({ stockQuantity: 10, available: true })
    await setSlots({ capacityOrders: 0 })
    await tries({ code: 'slot_full' })
    await setSlots({ capacityOrders: 20, closed: true })
    await tries({ code: 'slot_closed' })
    t.equal((await payments()).length, 2, 'the top-up and the first attempt')
    t.equal(await balance(), 6500)
    await setSlots({ closed: false })
    t.match(await pay(orderId, card('tok_ok')), { status: 201 })
    t.same(await held(), { units: 1, places: 1 })
  },
)

t.test('others see at once that the stock of a declined order is back', async (t) => {
  const { db, get, place, decide, product, cafeteria } = await campus.openKitchen()
  await db.updateTable('products').set({ stockQuantity: 1 }).where('id', '=', product.id).execute()
  const available = async () =>
    (await get(`/v1/cafeterias/${cafeteria.id}/menu`)).body.categories[0].products[0].availability
  t.same(await available(), { status: 'quantity', quantity: 1 })
  const waiting = (await place(card('tok_late'))).body
  t.same(await available(), { status: 'out_of_stock' })
  await decide(waiting.payment.id, { approved: false })
  t.same(await available(), { status: 'quantity', quantity: 1 })
  t.match(await place(card('tok_declined')), { status: 402 })
  t.same(await available(), { status: 'quantity', quantity: 1 })
})

t.test('at most two orders of a customer wait for payment, also when they come at once', async (t) => {
  const { db, place, pay, post, topUp, customer, held } = await campus.openKitchen()
  const answers = await Promise.all(Array.from({ length: 8 }, () => place(card('tok_late'))))
  const refused = answers.filter(({ status }) => status === 409)
  t.equal(answers.filter(({ status }) => status === 201).length, 2)
  t.equal(refused.length, 6)
  t.match(refused[0]?.body, { code: 'too_many_unpaid_orders', orderIds: [String, String] })
  t.same(await held(), { units: 2, places: 2 })

  const other = await addUser(db)
  t.match(
    await place(card('tok_declined'), { caller: other.caller }),
    { status: 402 },
    'another customer may',
  )
  await topUp(20_000)
  t.match(await place({ method: 'wallet' }), { status: 201 }, 'a wallet pays at once')
  const waiting = answers.find(({ status }) => status === 201)
  await post(`/v1/orders/${waiting?.body.id}/cancel`, {})
  const declined = await place(card('tok_declined'))
  t.match(declined, { status: 402 }, 'there is room again')
  t.match(await place(card('tok_ok')), { status: 409 }, 'a declined order waits too')
  t.match(await pay(declined.body.orderId, card('tok_ok')), { status: 201 })
  t.match(await place(card('tok_ok')), { status: 201, body: { userId: customer.id, status: 'placed' } })
})

t.test('every attempt with a card counts as a payment, whatever the route', async (t) => {
  const limited = await startPayingCampus(t, { RATE_LIMITS: 'on', RATE_LIMIT_API: '1000/1m' })
  const { db, place, pay, topUp } = await limited.openKitchen()
  const statuses: number[] = []
  const { orderId } = (await place(card('tok_declined'))).body
  for (let index = 0; index < 3; index += 1) {
    statuses.push((await topUp(100, { token: 'tok_declined' })).status)
    statuses.push((await pay(orderId, card('tok_declined'))).status)
    statuses.push((await place(card('tok_declined'))).status)
  }
  t.same(statuses, [402, 402, 402, 402, 402, 409, 402, 402, 409])
  const refused = await place(card('tok_ok'))
  t.match(refused, {
    status: 429,
    body: { code: 'rate_limited', retryAfter: Number },
    headers: { 'ratelimit-limit': '10', 'ratelimit-remaining': '0' },
  })
  t.ok(refused.body.retryAfter > 600 && refused.body.retryAfter <= 900)
  t.match(await pay(orderId, card('tok_ok')), { status: 429 })
  t.match(await topUp(100), { status: 429 })
  t.match(await place({ method: 'wallet' }), { status: 402 }, 'a wallet is no card')
  const other = await addUser(db)
  t.match(
    await place(card('tok_ok'), { caller: other.caller }),
    { status: 201 },
    'each customer for themselves',
  )
})
