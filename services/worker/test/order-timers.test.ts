import { sql } from 'kysely'
import t from 'tap'
import { orderTimersJob } from '#src/order-timers/order-timers.job.ts'
import { jobContext, openDatabase, openKitchen } from './fixture.ts'

const never = new AbortController().signal

t.test('orders that nobody moves in time are moved on', async (t) => {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const context = await jobContext()
  const job = orderTimersJob({ database, ...context })
  await kitchen.topUp(20_000)

  t.test('an unpaid one expires, and its stock and place come back', async (t) => {
    const { orderId } = await kitchen.place('card')
    t.equal(await job.run(never), false)
    t.match(await kitchen.order(orderId), { status: 'pending_payment' }, 'not before its time')
    t.same(await kitchen.held(), { units: 1, places: 1 })
    await kitchen.makeDue('orders')
    await job.run(never)
    t.match(await kitchen.order(orderId), { status: 'expired', deadlineAt: null })
    t.same(context.stockChanges.splice(0), ['quantity'], 'the new quantity is published')
    t.same(await kitchen.held(), { units: 0, places: 0 })
    const events = await owner.primary
      .selectFrom('events')
      .select(['type', 'version', 'actorRole'])
      .where('orderId', '=', orderId)
      .orderBy('version')
      .execute()
    t.match(events[1], { type: 'order.expired', version: 2, actorRole: 'system' })
  })

  t.test('an unanswered one is rejected while the doors are open, and paid back', async (t) => {
    const { orderId, paymentId } = await kitchen.place('wallet')
    t.equal(await kitchen.balance(), 13_500)
    await kitchen.makeDue('orders')
    await job.run(never)
    t.match(await kitchen.order(orderId), { status: 'rejected', reason: 'no answer' })
    t.match(await kitchen.payment(paymentId), { status: 'captured', refundedCents: 6500 })
    t.equal(await kitchen.balance(), 20_000)
    t.same(await kitchen.held(), { units: 0, places: 0 })
  })

  t.test('a ready one that nobody fetches is uncollected, and stays paid', async (t) => {
    const { orderId } = await kitchen.place('wallet')
    await kitchen.move(orderId, 'placed', 'accepted')
    await kitchen.move(orderId, 'accepted', 'preparing')
    await kitchen.move(orderId, 'preparing', 'ready')
    await job.run(never)
    t.match(await kitchen.order(orderId), { status: 'ready' })
    await kitchen.makeDue('orders')
    await job.run(never)
    t.match(await kitchen.order(orderId), { status: 'uncollected' })
    t.equal(await kitchen.balance(), 13_500)
  })

  t.test('while the doors are closed an unanswered one waits for the next opening', async (t) => {
    const { orderId } = await kitchen.place('wallet')
    // The cafeteria is open for one minute, at this hour of tomorrow's weekday.
    const { rows } = await sql<{ opens: string }>`
      with local as (select date_trunc('minute', now() at time zone 'America/Mexico_City') + interval '1 day' as at)
      update opening_hours set weekday = extract(isodow from at), opens = least(at::time, '23:58'),
        closes = least(at::time, '23:58') + interval '1 minute'
      from local where cafeteria_id = ${kitchen.cafeteriaId} and kind = 'opening' and weekday = 1
      returning (at::date + opens) at time zone 'America/Mexico_City' as opens`.execute(owner.primary)
    await sql`delete from opening_hours where cafeteria_id = ${kitchen.cafeteriaId} and kind = 'opening'
      and closes - opens > interval '1 minute'`.execute(owner.primary)
    await kitchen.makeDue('orders')
    await job.run(never)
    const { status, deadlineAt } = await kitchen.order(orderId)
    t.equal(status, 'placed')
    const opens = Date.parse(rows[0]?.opens as string)
    t.equal(Date.parse(deadlineAt as string), opens + 180_000, 'and has three minutes from then')
  })

  t.same(await kitchen.problems(), [])
  t.same(context.errors, [])
})

t.test('two workers at once move every order once', async (t) => {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const context = await jobContext()
  for (let count = 0; count < 10; count += 1) await kitchen.place('card')
  t.same(await kitchen.held(), { units: 10, places: 10 })
  await kitchen.makeDue('orders')
  const job = () => orderTimersJob({ database, ...context }).run(never)
  await Promise.all([job(), job()])
  t.same(await kitchen.held(), { units: 0, places: 0 })
  const { rows } = await sql`select count(*) as events, count(distinct order_id) as orders from events
    where type = 'order.expired'`.execute(owner.primary)
  t.same(rows, [{ events: 10, orders: 10 }])
  t.same(await kitchen.problems(), [])
})

t.test('an order that cannot be moved is reported and holds up no other', async (t) => {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const context = await jobContext()
  const broken = await kitchen.place('card')
  await sql`update orders set make_seconds = make_seconds + 100000, deadline_at = now() - interval '1 hour'
    where id = ${broken.orderId}`.execute(owner.primary)
  const sound = await kitchen.place('card')
  await sql`update orders set deadline_at = now() where id = ${sound.orderId}`.execute(owner.primary)
  const job = orderTimersJob({ database, ...context })
  await job.run(never)
  t.match(await kitchen.order(sound.orderId), { status: 'expired' })
  t.match(await kitchen.order(broken.orderId), { status: 'pending_payment' })
  t.match(context.errors, [{ context: { orderId: broken.orderId, problem: /quantity_check/ } }])
  await job.run(never)
  t.equal(context.errors.length, 1, 'and is left alone for a while')
})
