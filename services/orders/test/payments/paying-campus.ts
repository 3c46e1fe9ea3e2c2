import { type AddressInfo, createServer } from 'node:net'
import type { Caller } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { createSandbox, type SandboxOptions } from '@comanda/payments/sandbox'
import type { FastifyInstance } from 'fastify'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { startTestApp, type TestApp } from '../app.ts'
import { addCafeteria, addProduct, addUser } from '../builders.ts'

export const webhookSecret = 'a-secret-of-the-tests'

/** Finds a free port, for two servers that must know one another's address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface SandboxSetting {
  port?: number
  /** Adds hooks, in which a test may kill processes or let time pass. */
  prepare?: (sandbox: FastifyInstance) => void
}

/** Starts a payment sandbox that decides about late tokens only when `decide` is called. */
export async function startSandbox(
  t: Test,
  { port = 0, prepare, ...options }: Partial<SandboxOptions> & SandboxSetting,
) {
  const sandbox = createSandbox({
    journal: null,
    webhookUrl: 'http://127.0.0.1:1/',
    webhookSecret,
    lateMilliseconds: null,
    answerMilliseconds: 600_000,
    retryMilliseconds: 20,
    ...options,
  })
  prepare?.(sandbox)
  const url = await sandbox.listen({ host: '127.0.0.1', port })
  t.teardown(() => sandbox.close())
  return { sandbox, url }
}

/**
 * Adds a cafeteria that sells one product (6500 cents, ten in stock), a member of its staff, and a customer without money. The slot that
 * has begun lasts for hours, so that an order which fits into it still does when it is paid a moment later.
 */
export async function addKitchen(db: Kysely<Schema>) {
  const cafeteria = await addCafeteria(db)
  await sql`update pickup_slots set ends_at = now() + interval '3 hours'
    where cafeteria_id = ${cafeteria.id} and starts_at <= now() and ends_at > now()`.execute(db)
  const product = await addProduct(db, { cafeteriaId: cafeteria.id, priceCents: 6500, stockQuantity: 10 })
  return {
    cafeteria,
    product,
    customer: await addUser(db),
    staff: await addUser(db, { memberships: { [cafeteria.id]: 'staff' } }),
  }
}

export type ApiAnswer = Awaited<ReturnType<TestApp['call']>>

/** Starts the orders API and a payment sandbox, which call one another over HTTP. Tests share them; each opens a kitchen. */
export async function startPayingCampus(
  t: Test,
  env: Record<string, string> = {},
  { prepare }: Pick<SandboxSetting, 'prepare'> = {},
) {
  const port = await freePort()
  const app = await startTestApp(t, {
    PAYMENT_SANDBOX_URL: `http://127.0.0.1:${port}`,
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    ...env,
  })
  const appUrl = await app.app.listen({ host: '127.0.0.1', port: 0 })
  const { sandbox, url } = await startSandbox(t, {
    port,
    ...(prepare && { prepare }),
    webhookUrl: `${appUrl}/v1/provider-webhooks/sandbox`,
  })
  const db = app.database.primary

  return {
    ...app,
    sandbox,
    async openKitchen() {
      const kitchen = await addKitchen(db)
      return { ...app, ...kitchen, db, ...calls(app, kitchen), ...atProvider(url), ...state(db, kitchen) }
    },
  }
}

type Kitchen = Awaited<ReturnType<typeof addKitchen>>

/** Makes functions that call the API, as the kitchen's customer unless another caller is given. */
function calls(app: TestApp, { cafeteria, product, customer }: Kitchen) {
  interface Call {
    caller?: Caller
    key?: string
  }
  const post = (path: string, payload: object, { caller = customer.caller, key }: Call = {}) =>
    app.call({
      method: 'POST',
      url: path,
      headers: { ...app.as(caller), ...(key === undefined ? {} : { 'idempotency-key': key }) },
      payload,
    })
  const get = (path: string, caller: Caller = customer.caller) =>
    app.call({ method: 'GET', url: path, headers: app.as(caller) })
  return {
    post,
    get,
    place: (payment: object, options: Call = {}) =>
      post(
        '/v1/orders',
        {
          cafeteriaId: cafeteria.id,
          items: [{ productId: product.id, quantity: 1 }],
          pickup: 'asap',
          payment,
        },
        options,
      ),
    pay: (orderId: string, payment: object, options: Call = {}) =>
      post(`/v1/orders/${orderId}/payments`, payment, options),
    topUp: (amountCents: number, { token = 'tok_ok', ...options }: Call & { token?: string } = {}) =>
      post('/v1/wallet/top-ups', { amountCents, token }, options),
    balance: async () => (await get('/v1/wallet')).body.balanceCents,
  }
}

function atProvider(url: string) {
  return {
    /** Decides about a late payment, and returns when its webhooks are delivered. */
    async decide(paymentId: string, decision: object) {
      await fetch(`${url}/control/authorizations/authorize:${paymentId}/decision`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(decision),
      })
    },
    atProvider: async (paymentId: string) =>
      (await (await fetch(`${url}/authorizations/authorize:${paymentId}`)).json()) as { status: string },
  }
}

function state(db: Kysely<Schema>, { cafeteria, customer, product }: Kitchen) {
  return {
    order: (id: string) => db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    payment: (id: string) =>
      db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    payments: () => db.selectFrom('payments').selectAll().where('userId', '=', customer.id).execute(),
    /** What its orders hold: units of the product, and places in slots. */
    async held() {
      const { rows } = await sql<{ units: number; places: number }>`select
        (select 10 - stock_quantity from products where id = ${product.id}) as units,
        (select sum(reserved_orders)::integer from pickup_slots where cafeteria_id = ${cafeteria.id}) as places`.execute(
        db,
      )
      return rows[0]
    },
    /** Makes all its orders due and moves them on, by the function that the worker calls. */
    async expire() {
      await sql`update orders set deadline_at = now() where deadline_at is not null and cafeteria_id = ${cafeteria.id}`.execute(
        db,
      )
      const move = async () =>
        (await sql<{ moved: object | null }>`select run_order_timer() as moved`.execute(db)).rows[0]
      while ((await move())?.moved) {}
    },
    async check(t: Test) {
      const { rows } = await sql`select * from check_balances()`.execute(db)
      t.same(rows, [], 'the books balance')
    },
  }
}
