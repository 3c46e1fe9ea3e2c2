import { setTimeout as wait } from 'node:timers/promises'
import type { FeedNewest, OrderMessage } from '@comanda/events'
import { sql } from 'kysely'
import t from 'tap'
import { collect, connect, next, openKitchen, startFleet, tokenFor } from './fixture.ts'

const fleet = await startFleet(t)
const [first, second] = [
  await fleet.gateway({ FEED_WATCH_SECONDS: '0.2' }),
  await fleet.gateway({ FEED_WATCH_SECONDS: '0.2' }),
]
const kitchen = await openKitchen(fleet.database)
const worker = await fleet.worker()
const { cafeteriaId } = kitchen
const steps = ['pending_payment', 'placed', 'accepted', 'preparing', 'ready']

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await wait(10)
}

async function finish(orderId: string): Promise<void> {
  for (const [index, to] of steps.slice(1).entries()) await kitchen.move(orderId, steps[index] as string, to)
}

t.test('a customer and the staff, at two gateways, see an order become ready', async (t) => {
  const orderId = await kitchen.place()
  const phone = connect(t, first.url, tokenFor(kitchen.customer))
  const board = connect(t, second.url, tokenFor(kitchen.staff))
  const seen = collect<OrderMessage>(phone, 'order:updated')
  const shown = collect<OrderMessage>(board, 'order:updated')
  t.match(await phone.emitWithAck('order:subscribe', { orderId }), {
    ok: true,
    order: { id: orderId, status: 'pending_payment', version: 1 },
  })
  t.match(await board.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), { ok: true })
  await finish(orderId)
  await until(() => seen.length >= 4 && shown.length >= 4)
  for (const messages of [seen, shown])
    t.strictSame(
      messages.map(({ event }) => event.type),
      ['order.placed', 'order.accepted', 'order.preparing', 'order.ready'],
      'each once, in order',
    )
  t.match(seen.at(-1), { cafeteriaId, order: { id: orderId, status: 'ready', version: 5 } })
  const seqs = shown.map(({ seq }) => seq)
  t.strictSame(
    seqs,
    seqs.map((_, index) => (seqs[0] as number) + index),
    'consecutive numbers',
  )
  t.match(await first.metrics.registry.metrics(), /^event_delivery_lag_seconds_count [1-9]/m)

  const back = connect(t, first.url, tokenFor(kitchen.staff))
  t.match(await back.emitWithAck('order:subscribe_live_feed', { cafeteriaId, after: seqs[1] as number }), {
    ok: true,
    seq: seqs[3],
    missed: [{ event: { type: 'order.preparing' } }, { event: { type: 'order.ready' } }],
  })
  t.match(await next<FeedNewest>(back, 'feed:newest'), { cafeteriaId, seq: seqs[3] })

  t.match(await phone.emitWithAck('order:unsubscribe', { orderId }), { ok: true })
  t.match(await board.emitWithAck('order:unsubscribe_live_feed', { cafeteriaId }), { ok: true })
})

t.test('a client that was away for a month is refused with a code, and begins anew', async (t) => {
  const board = connect(t, first.url, tokenFor(kitchen.staff))
  await sql`select prune_feed('0 seconds', 2)`.execute(fleet.database.primary)
  t.same(await board.emitWithAck('order:subscribe_live_feed', { cafeteriaId, after: 1 }), {
    ok: false,
    code: 'feed_expired',
    oldest: 3,
  })
  t.match(await board.emitWithAck('order:subscribe_live_feed', { cafeteriaId, after: 2 }), {
    ok: true,
    missed: [{ seq: 3 }],
  })
  t.match(await board.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), { ok: true, missed: [] })
})

t.test(
  'a gateway finds events that were not published in the feed, also for clients without a subscription',
  async (t) => {
    await worker.stop('SIGKILL')
    const phone = connect(t, first.url, tokenFor(kitchen.customer))
    const created = collect<OrderMessage>(phone, 'order:created')
    const seen = collect<OrderMessage>(phone, 'order:updated')
    await next(phone, 'connect')
    // No gateway has received an event of this second cafeteria.
    const other = await openKitchen(fleet.database, kitchen.customer)
    const orderIds = [await kitchen.place(), await other.place()]
    for (const orderId of orderIds) await finish(orderId)
    await until(async () => {
      await sql`select sequence_events(100)`.execute(fleet.database.primary)
      return seen.length >= 8
    })
    t.strictSame(
      created.map(({ order }) => order.id),
      orderIds,
    )
    for (const orderId of orderIds)
      t.match(seen.findLast(({ order }) => order.id === orderId)?.order, { status: 'ready', version: 5 })
    t.match(await first.metrics.registry.metrics(), /^events_caught_up_total [1-9]/m)
  },
)
