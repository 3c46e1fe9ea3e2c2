import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createAccessTokens } from '@comanda/access'
import { createDatabase, databaseOptions } from '@comanda/database'
import { cloneTestDatabase, type ServiceUnderTest, startServiceUnderTest } from '@comanda/local-stack/testing'
import { loadConfig } from '@comanda/service'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { configSchema } from '#src/config.ts'
import { addUser } from '../builders.ts'
import { addKitchen, startSandbox, webhookSecret } from './paying-campus.ts'

const entries = {
  orders: join(import.meta.dirname, '../../src/server.ts'),
  worker: join(import.meta.dirname, '../../../worker/src/server.ts'),
}

/** Starts processes over a database of their own, and a sandbox whose hooks may kill them. */
async function startFleet(t: Test, prepare: (sandbox: FastifyInstance, kill: () => void) => void = () => {}) {
  const clone = await cloneTestDatabase()
  let orders: ServiceUnderTest | undefined
  const kill = () => void orders?.child.kill('SIGKILL')
  const { url: sandboxUrl } = await startSandbox(t, { prepare: (sandbox) => prepare(sandbox, kill) })
  const env = {
    LOG_LEVEL: 'info',
    RATE_LIMITS: 'off',
    DATABASE_URL: clone.url,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: '127.0.0.1:1',
    WORKER_POLL_SECONDS: '0.05',
    PAYMENT_SANDBOX_URL: sandboxUrl,
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
  }
  const config = loadConfig(configSchema, { ...env, NODE_ENV: 'test' })
  const database = createDatabase({
    ...databaseOptions(config, 'crash-test'),
    log: { warn() {}, info() {} },
  })
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  const db = database.primary
  const { cafeteria, product, customer } = await addKitchen(db)
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })

  async function start(name: keyof typeof entries): Promise<ServiceUnderTest> {
    const service = await startServiceUnderTest(entries[name], env)
    t.teardown(() => service.stop('SIGKILL'))
    if (name === 'orders') orders = service
    return service
  }

  return {
    db,
    start,
    kill,
    /** Places a card order. Null: the process died before it answered. */
    async place(service: ServiceUnderTest, key: string, { caller } = customer) {
      const request = {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.sign(caller)}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({
          cafeteriaId: cafeteria.id,
          items: [{ productId: product.id, quantity: 1 }],
          pickup: 'asap',
          payment: { method: 'card', token: 'tok_ok' },
        }),
      }
      try {
        const response = await fetch(`${service.url}/v1/orders`, request)
        return { status: response.status, body: (await response.json()) as Record<string, unknown> }
      } catch {
        return null
      }
    },
    /** Lets half a minute pass, and runs the worker until no payment waits. */
    async recover() {
      await sql`update payments set next_attempt_at = now() where next_attempt_at is not null`.execute(db)
      await sql`update idempotency_keys set created_at = now() - interval '1 minute'`.execute(db)
      await start('worker')
      const waiting = () =>
        db.selectFrom('payments').select('id').where('nextAttemptAt', 'is not', null).execute()
      while ((await waiting()).length > 0) await wait(20)
    },
    async state() {
      const { rows } = await sql<{
        orders: { status: string; payment: string }[]
        stock: number
        places: number
      }>`select
        (select jsonb_agg(jsonb_build_object('status', o.status, 'payment', p.status))
          from orders o join payments p on p.order_id = o.id) as orders,
        (select stock_quantity from products) as stock,
        (select sum(reserved_orders)::integer from pickup_slots) as places`.execute(db)
      return rows[0]
    },
    charged: async (paymentId: string) => {
      const found = await fetch(`${sandboxUrl}/authorizations/authorize:${paymentId}`)
      return ((await found.json()) as { status?: string }).status === 'authorized'
    },
    async check(t: Test) {
      const { rows } = await sql`select * from check_balances()`.execute(db)
      t.same(rows, [], 'the books balance')
    },
  }
}

t.test(
  'orders killed before the provider hears of the payment: no charge, and the order can be paid',
  async (t) => {
    const { start, place, recover, state, check } = await startFleet(t, (sandbox, kill) => {
      sandbox.addHook('onRequest', async (request) => {
        if (request.method !== 'POST' || request.url !== '/authorizations') return
        kill()
        request.raw.destroy()
      })
    })
    t.equal(await place(await start('orders'), 'one'), null)
    t.same(await state(), {
      orders: [{ status: 'pending_payment', payment: 'pending' }],
      stock: 9,
      places: 1,
    })
    await recover()
    t.same(await state(), {
      orders: [{ status: 'pending_payment', payment: 'failed' }],
      stock: 10,
      places: 0,
    })
    await check(t)
  },
)

t.test(
  'orders killed after the charge and before it is booked: the order is placed and answered once',
  async (t) => {
    let doomed = true
    const { start, place, recover, state, check } = await startFleet(t, (sandbox, kill) => {
      sandbox.addHook('onSend', async (request) => {
        if (!doomed || request.method !== 'POST' || request.url !== '/authorizations') return
        doomed = false
        kill()
        // The answer is not sent before its reader is gone.
        await wait(100)
      })
    })
    t.equal(await place(await start('orders'), 'one'), null)
    await recover()
    t.same(await state(), { orders: [{ status: 'placed', payment: 'authorized' }], stock: 9, places: 1 })
    const repeated = await place(await start('orders'), 'one')
    t.match(repeated, { status: 201, body: { status: 'placed', payment: { status: 'authorized' } } })
    t.equal((await state())?.orders.length, 1)
    await check(t)
  },
)

t.test(
  'orders killed in the middle of a rush: every charge has its order, and every order its answer',
  async (t) => {
    const { db, start, place, kill, recover, state, charged, check } = await startFleet(t)
    const first = await start('orders')
    const keys = Array.from({ length: 10 }, (_, index) => `rush-${index}`)
    const customers = await Promise.all(keys.map(() => addUser(db)))
    const rush = keys.map((key, index) => place(first, key, customers[index]))
    await Promise.any(rush)
    kill()
    const answered = (await Promise.all(rush)).filter((answer) => answer !== null)
    await recover()

    const payments = await db.selectFrom('payments').select(['id', 'orderId', 'status']).execute()
    for (const { id, status } of payments) t.equal(await charged(id), status === 'authorized', status)
    for (const { body } of answered) {
      t.ok(
        payments.some(({ orderId, status }) => orderId === body.id && status === 'authorized'),
        'nothing that was acknowledged is lost',
      )
    }
    const { orders = [], stock, places } = (await state()) ?? {}
    const paid = orders.filter(({ payment }) => payment === 'authorized')
    t.equal(stock, 10 - paid.length, 'an order holds stock when it is paid')
    t.equal(places, paid.length)

    const second = await start('orders')
    for (const [index, key] of keys.entries()) {
      t.match((await place(second, key, customers[index]))?.status, /201|503/)
    }
    t.equal((await state())?.orders.length, 10, 'one order for each key')
    await check(t)
  },
)
