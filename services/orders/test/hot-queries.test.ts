import { hashPassword } from '@comanda/access'
import {
  receiveProviderEvent,
  settleAuthorization,
  settleCapture,
  settleRefund,
  settleVoid,
} from '@comanda/payments'
import { sql } from 'kysely'
import t from 'tap'
import { type ExampleCall, exampleCalls } from './access/example-calls.ts'
import { exampleOrders } from './access/example-orders.ts'
import { startTestApp } from './app.ts'
import { addUser } from './builders.ts'
import { addHistory } from './history.ts'
import { startSandbox } from './payments/paying-campus.ts'
import { growingTables, tablesScanned } from './sequential-scans.ts'

const { url: PAYMENT_SANDBOX_URL } = await startSandbox(t, {})
const started = await startTestApp(
  t,
  { PAYMENT_SANDBOX_URL, DATABASE_POOL_MAX: '1', CACHE: 'off' },
  undefined,
  { oneLogin: true },
)
const { app, call, as, database } = started
const db = database.primary
const cafeteriaId = await addHistory(started)

const password = 'a password of the tests'
const passwordHash = await hashPassword(password)
const person = (values: Parameters<typeof addUser>[1] = {}) =>
  addUser(db, { passwordHash, balanceCents: 1_000_000, ...values })
const customer = await person()
const admin = await person({ isAdmin: true })
const { rows: cafeterias } = await sql<{ id: string }>`select id from cafeterias order by id`.execute(db)
const staff = await person({ memberships: { [cafeteriaId]: 'staff' } })
const staffEverywhere = await person({
  memberships: Object.fromEntries(cafeterias.map(({ id }) => [id, 'staff' as const])),
})

/** Postgres plans a prepared statement for its values five times; from then on it may prefer one plan for all values. */
const times = 6
const repeatedly = async (work: () => Promise<unknown>) => {
  for (let time = 0; time < times; time += 1) await work()
}

async function mustAnswer(request: Parameters<typeof call>[0]): Promise<any> {
  const { status, body } = await call(request)
  if (status >= 300) throw new Error(`${String(request.url)} answered ${status} ${JSON.stringify(body)}`)
  return body
}

const surroundings = { database, cafeteriaId, customer, password }

t.test('the history is large enough for the test, and a scan of any table is noticed', async (t) => {
  for (const table of growingTables) {
    const scan = sql`select count(*) from ${sql.table(table)} where ctid <> '(0,0)'`
    t.strictSame(await tablesScanned(db, () => scan.execute(db)), [table])
  }
  const missingIndex = () => db.selectFrom('orders').select('id').where('reason', '=', 'none').execute()
  t.strictSame(await tablesScanned(db, missingIndex), ['orders'])
})

t.test('no operation scans', async (t) => {
  const examples: Record<string, () => ExampleCall | Promise<ExampleCall>> = exampleCalls(surroundings)
  const owned = new Set([
    'endSession',
    'payOrder',
    'changePassword',
    'getMe',
    'updateMe',
    'acceptInvitation',
    'declineInvitation',
  ])
  await app.ready()
  for (const [path, methods] of Object.entries(app.openapi().paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      // An unsigned webhook never reaches the database; the statements of a signed one are tested below.
      if (operationId === 'receiveProviderWebhook') continue
      const scanned = await tablesScanned(db, () =>
        repeatedly(async () => {
          const { path: parameters = {}, query, body } = (await examples[operationId]?.()) ?? {}
          await mustAnswer({
            method,
            url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name])),
            ...(query && { query }),
            headers: as(owned.has(operationId) ? customer.caller : admin.caller),
            ...(body && { payload: body }),
          })
        }),
      )
      t.strictSame(scanned, [], operationId)
    }
  }
})

t.test('no list scans, whoever asks and however it is narrowed and paged', async (t) => {
  const { id, userId } = await db
    .selectFrom('orders')
    .select(['id', 'userId'])
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const callers = {
    'a regular': { userId },
    staff: staff.caller,
    'staff of all cafeterias': staffEverywhere.caller,
    'an administrator': admin.caller,
  }
  const filters = [
    '',
    'status=placed',
    'status=placed,accepted,preparing,ready',
    `cafeteriaId=${cafeteriaId}`,
    `cafeteriaId=${cafeteriaId}&status=ready`,
    'fields=id,status',
    'mine=true',
  ]
  for (const [who, caller] of Object.entries(callers)) {
    const read = (url: string) => mustAnswer({ url, headers: as(caller) })
    for (const filter of filters) {
      const url = `/v1/orders?${filter}`
      const scanned = await tablesScanned(db, () =>
        repeatedly(async () => {
          const { nextCursor } = await read(`${url}&limit=100`)
          if (nextCursor !== null) await read(`${url}&cursor=${nextCursor}`)
          await read(`${url}&page=2`)
        }),
      )
      t.strictSame(scanned, [], `${who}: ${url}`)
    }
    const others = [
      '/v1/transactions?limit=100',
      '/v1/transactions?page=2',
      '/v1/wallet',
      '/v1/me/summary',
      '/v1/me/recent-orders',
      '/v1/auth/sessions',
      ...(who === 'a regular'
        ? []
        : [`/v1/cafeterias/${cafeteriaId}/feed`, `/v1/cafeterias/${cafeteriaId}/feed?after=500`]),
      ...(who === 'an administrator'
        ? [
            '',
            `requestId=${id}`,
            `subjectId=${id}`,
            `actorId=${userId}`,
            `cafeteriaId=${cafeteriaId}`,
          ].flatMap((filter) => [`/v1/audit-log?${filter}`, `/v1/audit-log?${filter}&page=1`])
        : []),
      ...(who === 'staff'
        ? []
        : [`/v1/orders/${id}`, `/v1/orders/${id}/events`, `/v1/orders/${id}/payments`]),
    ]
    for (const url of others) {
      t.strictSame(await tablesScanned(db, () => repeatedly(() => read(url))), [], `${who}: ${url}`)
    }
  }
})

t.test('a search of all products reads its index', async (t) => {
  await sql`
    insert into products (cafeteria_id, category_id, name, description, price_cents, make_seconds)
    select cafeteria_id, id, 'Plato ' || n, 'Guarnición ' || md5(n::text), 100, 60
    from (select id, cafeteria_id from categories limit 1) category, generate_series(1, 20000) n`.execute(db)
  await sql`vacuum analyze products`.execute(db)
  for (const url of ['/v1/products?q=jamón', '/v1/products?q=plato 123', '/v1/products?q=jamón&page=1']) {
    const read = () => mustAnswer({ url: encodeURI(url), headers: as(customer.caller) })
    t.strictSame(await tablesScanned(db, () => repeatedly(read), ['products']), [], url)
  }
  const everything = () => mustAnswer({ url: '/v1/products?page=1', headers: as(customer.caller) })
  t.strictSame(await tablesScanned(db, everything, ['products']), ['products'], 'a scan would be noticed')
})

t.test('what the worker polls does not scan', async (t) => {
  const sweeps = {
    sequencer: sql`select relay_events(500)`,
    'lag of the feed': sql`select feed_lag_seconds()`,
    'order timers': sql`select run_order_timer()`,
    'payments due': sql`select * from claim_payments(array['none', 'sandbox'], 20, 15)`,
    'refunds due': sql`select * from claim_refunds(array['none', 'sandbox'], 20, 15)`,
    'without a provider': sql`select * from unclaimed_by_provider(array['none', 'sandbox'])`,
    'top products': sql`select calculate_top_products(${cafeteriaId}, 28, 20)`,
    'clean-up': sql`select clean_up(1000)`,
    slots: sql`select refresh_slots(id, 7) from cafeterias`,
  }
  for (const [name, sweep] of Object.entries(sweeps)) {
    t.strictSame(await tablesScanned(db, () => repeatedly(() => sweep.execute(db))), [], name)
  }
})

t.test('what becomes of a payment does not scan', async (t) => {
  const orders = exampleOrders(surroundings)
  const event = { outcome: 'authorized', reference: null, declineCode: null, payload: {} } as const
  const money = { amountCents: 4500, currency: 'MXN' }
  const scanned = await tablesScanned(db, () =>
    repeatedly(async () => {
      const { id, payment } = await orders.addPending()
      await receiveProviderEvent(db, 'sandbox', { ...event, ...money, id, paymentId: payment.id }, 'test')
      await sql`select transition_order(${id}, array['placed'], 'accepted', null, 'system')`.execute(db)
      await sql`select transition_order(${id}, array['accepted'], 'preparing', null, 'system')`.execute(db)
      await settleCapture(db, payment.id, { outcome: 'succeeded' })
      await mustAnswer({
        method: 'POST',
        url: `/v1/payments/${payment.id}/refunds`,
        headers: as(admin.caller),
        payload: { reason: 'Cold soup' },
      })
      const [refund] = await db
        .selectFrom('refunds')
        .select('id')
        .where('paymentId', '=', payment.id)
        .execute()
      await settleRefund(db, refund?.id as string, { outcome: 'succeeded' })

      const other = await orders.addPending()
      await settleAuthorization(db, other.payment.id, { outcome: 'unknown' })
      await settleVoid(db, other.payment.id)
    }),
  )
  t.strictSame(scanned, [])
})
