import { createLogger } from '@comanda/service'
import t from 'tap'
import { businessLogConsumer } from '#src/business-log/business-log.consumer.ts'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { makeEverythingHappen, typedReason } from '../consumers/everything.ts'
import { jobContext, openDatabase, openKitchen, startSandbox } from '../fixture.ts'
import { startWorker, until } from '../worker-process.ts'

const never = new AbortController().signal

type Line = { msg: string; event: string; eventId: number } & Record<string, unknown>

const parse = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.includes('"msg":"event"'))
    .map((line) => JSON.parse(line) as Line)

t.test('what happened is logged once, with ids and amounts, and without what people typed', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  let text = ''
  const log = await createLogger({
    name: 'worker-test',
    config: { LOG_LEVEL: 'info' },
    stream: { write: (line) => void (text += line) },
  })
  const consumer = businessLogConsumer({ log })
  await insertPosition(database.primary, consumer)
  await makeEverythingHappen(owner, kitchen)
  const job = consumerJob(consumer, { database, metrics })
  const events = await owner.primary.selectFrom('events').select(['id', 'type']).orderBy('id').execute()
  await until(async () => {
    await job.run(never)
    return parse(text).length >= events.length
  })
  await job.run(never)
  const lines = parse(text)
  t.same(
    lines.map(({ eventId, event }) => ({ id: eventId, type: event.replace('_', '.') })),
    events,
  )
  const { cafeteriaId, userId, staffId } = kitchen
  const first = (event: string) => lines.find((line) => line.event === event)
  t.match(first('wallet_topped_up'), {
    msg: 'event',
    cafeteriaId: null,
    userId,
    purpose: 'top_up',
    amountCents: 20_000,
    currency: 'MXN',
  })
  t.match(first('order_placed'), {
    cafeteriaId,
    orderId: String,
    version: 1,
    actorId: userId,
    actorRole: 'customer',
    requestId: 'test',
    totalCents: 6500,
    currency: 'MXN',
    paymentMethod: 'wallet',
  })
  t.match(first('order_accepted'), { cafeteriaId, version: 3, actorId: staffId, actorRole: 'staff' })
  t.match(first('payment_declined'), { cafeteriaId, amountCents: 6500, declineCode: 'card_declined' })
  t.match(first('payment_captured'), { cafeteriaId, amountCents: 6500, method: 'card', provider: 'sandbox' })
  t.match(first('refund_succeeded'), {
    cafeteriaId,
    refundId: String,
    paymentId: String,
    amountCents: 6500,
    method: 'wallet',
    actorRole: 'customer',
  })
  t.match(first('refund_requested'), { amountCents: 1000, actorRole: 'manager', requestId: 'a request' })
  t.notMatch(text, typedReason)
})

t.test(
  'no line is lost when workers stop and are killed, and none is written by two that live',
  async (t) => {
    const { database, owner, url } = await openDatabase(t)
    const kitchen = await openKitchen(owner)
    const sandbox = await startSandbox(t)
    await insertPosition(database.primary, businessLogConsumer({ log: (await jobContext()).log }))
    const workers = [await startWorker(t, url, sandbox.url), await startWorker(t, url, sandbox.url)]
    const lines = () => workers.flatMap((worker) => parse(worker.output()))
    const placed: string[] = []
    const place = async () => {
      const { orderId } = await kitchen.place()
      await kitchen.move(orderId, 'pending_payment', 'cancelled')
      placed.push(orderId)
    }
    const areLogged = () => {
      const logged = new Set(lines().map(({ orderId, version }) => `${String(orderId)} ${String(version)}`))
      return placed.every((orderId) => logged.has(`${orderId} 1`) && logged.has(`${orderId} 2`))
    }
    for (let count = 0; count < 10; count += 1) await place()
    await until(areLogged)
    t.equal(lines().length, 20, 'once each')

    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (let count = 0; count < 5; count += 1) await place()
      await workers.at(-1)?.stop(signal)
      for (let count = 0; count < 5; count += 1) await place()
      workers.push(await startWorker(t, url, sandbox.url))
    }
    await workers[0]?.stop('SIGKILL')
    for (let count = 0; count < 5; count += 1) await place()
    await until(areLogged)
    for (const worker of workers) await worker.stop('SIGTERM')
    t.ok(areLogged())
  },
)

t.test('lines are out before the position moves: a log that fails is written again', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  const lines: string[] = []
  let flushes = 0
  const stream = {
    write: (line: string) => void lines.push(line),
    flushSync() {
      flushes += 1
      if (flushes === 1) throw new Error('no space left on device')
    },
  }
  const log = await createLogger({ name: 'worker-test', config: { LOG_LEVEL: 'info' }, stream })
  const consumer = businessLogConsumer({ log })
  await insertPosition(database.primary, consumer)
  await kitchen.place()
  const job = consumerJob(consumer, { database, metrics })
  let failure: unknown
  await until(async () => {
    await job.run(never).catch((error) => (failure = error))
    return flushes === 2
  })
  t.match(failure, { message: 'no space left on device' })
  t.same(
    parse(lines.join('')).map(({ event }) => event),
    ['order_pending_payment', 'order_pending_payment'],
  )
})
