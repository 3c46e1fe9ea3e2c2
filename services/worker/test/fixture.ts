import { randomUUID } from 'node:crypto'
import { createDatabase, type Database, databaseConfig, databaseOptions } from '@comanda/database'
import type { StockChange } from '@comanda/events/catalogue'
import { asService, cloneTestDatabase, patientEnvironment } from '@comanda/local-stack/testing'
import { settleAuthorization, settleCapture } from '@comanda/payments'
import { createSandbox } from '@comanda/payments/sandbox'
import { createLogger, createMetrics, loadConfig } from '@comanda/service'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { Type } from 'typebox'
import { configSchema } from '#src/config.ts'

export const webhookSecret = 'a-secret-of-the-tests'

/**
 * A migrated database of its own, with pools that are closed at the end of the test: `database` as the worker opens it, with the worker's
 * role, and `owner` for what the test itself writes and reads. `url` is the owner's.
 */
export async function openDatabase(
  t: Test,
  { poolMax = 10 } = {},
): Promise<{ database: Database; owner: Database; url: string }> {
  const clone = await cloneTestDatabase()
  const log = await createLogger({ name: 'worker-test', config: silent })
  const open = (url: string) => {
    const config = loadConfig(Type.Object(databaseConfig), {
      ...patientEnvironment,
      DATABASE_URL: url,
      DATABASE_POOL_MIN: '0',
      DATABASE_POOL_MAX: String(poolMax),
    })
    return createDatabase({ ...databaseOptions(config, 'worker-test'), log })
  }
  const [database, owner] = [open(asService(clone.url, 'worker')), open(clone.url)]
  t.teardown(async () => {
    await Promise.all([database.close(), owner.close()])
    await clone.drop()
  })
  return { database, owner, url: clone.url }
}

const silent = loadConfig(configSchema, {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
})

/** Makes what jobs depend on; `errors` collects what they log as an error, `stockChanges` the changes of stock that they publish. */
export async function jobContext() {
  const log = await createLogger({ name: 'worker-test', config: silent })
  const errors: { context: object; message: string }[] = []
  log.error = ((context: object, message: string) =>
    void errors.push({ context, message })) as typeof log.error
  const stockChanges: (StockChange | null)[] = []
  const changes = {
    stockChanged: async (_: string, change: StockChange | null) => void stockChanges.push(change),
  }
  return { log, metrics: createMetrics(), everySeconds: 0.01, wake: () => {}, errors, changes, stockChanges }
}

export interface Kitchen {
  cafeteriaId: string
  productId: string
  userId: string
  staffId: string
  /**
   * Places an order of one product for 6500 cents. It holds one of the stock of ten and one place in a slot. It is the customer's, unless
   * two of theirs wait for payment.
   */
  place: (
    method?: 'wallet' | 'card',
    cardProvider?: string,
  ) => Promise<{ orderId: string; paymentId: string }>
  topUp: (amountCents: number) => Promise<void>
  order: (orderId: string) => Promise<{ status: string; reason: string | null; deadlineAt: string | null }>
  payment: (paymentId: string) => Promise<{ status: string; attempts: number; refundedCents: number }>
  balance: () => Promise<number>
  /** What the orders hold: units taken from the stock, and places in slots. */
  held: () => Promise<{ units: number; places: number }>
  move: (orderId: string, from: string, to: string) => Promise<void>
  /** Lets time pass for what waits: orders at their deadlines, payments and refunds at their next attempt. */
  makeDue: (table: 'orders' | 'payments' | 'refunds') => Promise<void>
  /** Where the books do not balance. */
  problems: () => Promise<object[]>
}

/** A cafeteria that is open around the clock, with a product, a customer and somebody of the staff. */
export async function openKitchen({ primary: db }: Database): Promise<Kitchen> {
  const id = async (query: ReturnType<typeof sql<{ id: string }>>) =>
    (await query.execute(db)).rows[0]?.id as string
  const cafeteriaId = await id(sql`insert into cafeterias (slug, name, time_zone, currency)
    values (${randomUUID()}, 'Kitchen', 'America/Mexico_City', 'MXN') returning id`)
  await sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
    select ${cafeteriaId}, kind, weekday, '00:00', '24:00'
    from unnest(array['opening', 'ordering']) kind, generate_series(1, 7) weekday`.execute(db)
  await sql`select refresh_slots(${cafeteriaId}, 1)`.execute(db)
  const categoryId = await id(
    sql`insert into categories (cafeteria_id, name) values (${cafeteriaId}, 'Mains') returning id`,
  )
  const productId = await id(sql`
    insert into products (cafeteria_id, category_id, name, price_cents, make_seconds, stock_quantity)
    values (${cafeteriaId}, ${categoryId}, 'Chilaquiles', 6500, 60, 10) returning id`)
  const addUser = () =>
    id(sql`insert into users (email, name, password_hash)
      values (${`${randomUUID()}@comanda.test`}, 'Somebody', 'none') returning id`)
  const [userId, staffId] = [await addUser(), await addUser()]

  return {
    cafeteriaId,
    productId,
    userId,
    staffId,
    async place(method = 'card', cardProvider = 'sandbox') {
      const items = [{ product_id: productId, quantity: 1, modifier_ids: [], note: null }]
      const provider = method === 'wallet' ? 'wallet' : cardProvider
      // At most two orders of a customer may wait for payment, so further ones are somebody else's.
      const waiting = await db
        .selectFrom('orders')
        .select('id')
        .where('userId', '=', userId)
        .where('status', '=', 'pending_payment')
        .execute()
      const payerId = method === 'wallet' || waiting.length < 2 ? userId : await addUser()
      const { rows } = await sql<{ placed: { id: string; payment: { id: string } } }>`
        select answer as placed from place_order(${payerId}, ${cafeteriaId}, null, ${JSON.stringify(items)}, ${method},
          ${provider}, null, null, null, 'test')`.execute(db)
      const placed = rows[0]?.placed as { id: string; payment: { id: string } }
      return { orderId: placed.id, paymentId: placed.payment.id }
    },
    async topUp(amountCents) {
      const { rows } = await sql<{ started: { payment: { id: string } } }>`
        select start_top_up(${userId}, ${amountCents}, 'MXN', 'sandbox', null, null) as started`.execute(db)
      const paymentId = rows[0]?.started.payment.id as string
      await settleAuthorization(db, paymentId, { outcome: 'authorized' })
      await settleCapture(db, paymentId, { outcome: 'succeeded' })
    },
    order: (orderId) =>
      db
        .selectFrom('orders')
        .select(['status', 'reason', 'deadlineAt'])
        .where('id', '=', orderId)
        .executeTakeFirstOrThrow(),
    payment: (paymentId) =>
      db
        .selectFrom('payments')
        .select(['status', 'attempts', 'refundedCents'])
        .where('id', '=', paymentId)
        .executeTakeFirstOrThrow(),
    async balance() {
      const account = await db
        .selectFrom('accounts')
        .select('balanceCents')
        .where('id', '=', userId)
        .executeTakeFirst()
      return account?.balanceCents ?? 0
    },
    async held() {
      const { rows } = await sql<{ units: number; places: number }>`select
        (select 10 - stock_quantity from products where id = ${productId}) as units,
        (select sum(reserved_orders)::integer from pickup_slots) as places`.execute(db)
      return rows[0] as { units: number; places: number }
    },
    async move(orderId, from, to) {
      await sql`select transition_order(${orderId}, array[${from}], ${to}, ${staffId}, 'staff')`.execute(db)
    },
    async makeDue(table) {
      const column = sql.ref(table === 'orders' ? 'deadline_at' : 'next_attempt_at')
      await sql`update ${sql.table(table)} set ${column} = now() - interval '1 second'
        where ${column} is not null`.execute(db)
    },
    problems: async () => (await sql<object>`select * from check_balances()`.execute(db)).rows,
  }
}

/** Starts a payment sandbox that decides nothing and sends no webhooks by itself. */
export async function startSandbox(t: Test, port = 0) {
  const sandbox = createSandbox({
    journal: null,
    webhookUrl: 'http://127.0.0.1:1/',
    webhookSecret,
    lateMilliseconds: null,
    answerMilliseconds: 600_000,
    retryMilliseconds: 60_000,
  })
  const url = await sandbox.listen({ host: '127.0.0.1', port })
  t.teardown(() => sandbox.close())
  return { sandbox, url }
}
