import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { createAccessTokens } from '../libs/access/src/index.ts'
import { cloneTestDatabase, findFreePorts } from '../libs/local-stack/src/testing.ts'
import { createSandbox } from '../libs/payments/src/sandbox/sandbox.ts'
import { openMigratedDatabase } from '../load-tests/open-database.ts'
import { lasting, scenarios } from '../load-tests/profiles/scenarios.ts'
import { insertWorld } from '../load-tests/run/insert-world.ts'
import { type RegisterOptions, registerWorld } from '../load-tests/run/register-world.ts'
import { runScenario } from '../load-tests/runner/run-scenario.ts'
import { accessTokenSecret, startLoadedService } from './start-world.ts'

const staff = { email: 'kitchen@comanda.test', password: 'a-password-of-the-kitchen' }

const clone = await cloneTestDatabase()
t.teardown(() => clone.drop())
const database = await openMigratedDatabase(clone.url, 'register-world')
t.teardown(() => database.close())
const db = database.primary
// Cafeterias that are always open; of customers and tokens nothing is used here.
await insertWorld(db, { customers: 1, accessTokenSecret, tokenSeconds: 60 })

const webhookSecret = 'a-secret-of-this-test'
const sandbox = createSandbox({
  journal: null,
  webhookUrl: 'http://127.0.0.1:1/',
  webhookSecret,
  lateMilliseconds: null,
  answerMilliseconds: 1000,
  retryMilliseconds: 500,
})
t.teardown(() => sandbox.close())
const sandboxUrl = await sandbox.listen({ host: '127.0.0.1', port: 0 })

const start = (test: Test, name: string, env: Record<string, string> = { RATE_LIMITS: 'off' }) =>
  startLoadedService(test, name, clone.url, {
    PAYMENT_SANDBOX_URL: sandboxUrl,
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    ...env,
  })
const [url, gatewayUrl] = await Promise.all([start(t, 'orders'), start(t, 'realtime'), start(t, 'worker')])

const options: RegisterOptions = {
  url,
  gatewayUrl,
  customers: 3,
  staff: null,
  tokenSeconds: 60,
  accessTokenSecret: null,
}

async function employ({ email, password }: typeof staff): Promise<void> {
  const registered = await fetch(`${url}/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, name: 'Kitchen' }),
  })
  t.equal(registered.status, 201)
  await sql`insert into memberships (user_id, cafeteria_id, role)
    select u.id, c.id, 'staff' from users u, cafeterias c where u.email = ${email}`.execute(db)
}

const ordersByStatus = async () => {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int from orders group by status`.execute(db)
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}
const short = lasting(scenarios['10-users'], 3)

t.test('accounts are opened at any address, and users with them meet no error', async (t) => {
  const world = await registerWorld(options)
  t.equal(new Set(world.customers).size, 3, 'an account each')
  t.equal(world.kitchens.length, 10)
  t.ok(world.kitchens.every(({ productIds, staffToken }) => productIds.length > 0 && staffToken === null))
  const { failed, problems, counts } = await runScenario(short, world)
  t.strictSame({ failed, problems }, { failed: 0, problems: [] })
  t.ok((counts.orders_placed ?? 0) > 0, 'wallets were filled')
  t.strictSame(
    await ordersByStatus(),
    { placed: counts.orders_placed },
    'without staff, orders stay as they are',
  )
})

t.test('an account of the staff moves the orders, and longer tokens are made with the secret', async (t) => {
  await employ(staff)
  const world = await registerWorld({ ...options, staff, tokenSeconds: 3600, accessTokenSecret })
  const tokens = createAccessTokens({ secret: accessTokenSecret, lifetimeSeconds: 1 })
  for (const token of [world.customers[0], world.kitchens[0]?.staffToken]) {
    const [, claims = ''] = (token ?? '').split('.')
    const { iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>
    t.equal((exp ?? 0) - (iat ?? 0), 3600, 'valid for as long as the run')
    t.ok(tokens.verify(token ?? '').userId)
  }
  const { failed, problems, counts } = await runScenario(short, world)
  t.strictSame({ failed, problems }, { failed: 0, problems: [] })
  t.equal((await ordersByStatus())['ready'], counts.orders_placed, 'each order of this run was made')
})

t.test('what keeps a run from starting is said', async (t) => {
  await t.rejects(
    registerWorld({ ...options, tokenSeconds: 3600 }),
    /ACCESS_TOKEN_SECRET must be that of the fleet/,
  )
  const wrong = { ...options, staff: { ...staff, password: 'wrong' } }
  await t.rejects(registerWorld(wrong), /\/v1\/auth\/login was answered 401: /)
  const nowhere = `http://127.0.0.1:${await findFreePorts(1)}`
  await t.rejects(registerWorld({ ...options, url: nowhere }), /cannot be reached: .*ECONNREFUSED/)
  await t.rejects(registerWorld({ ...options, url: sandboxUrl }), /\/v1\/cafeterias was answered \d+/)
  const limited = await start(t, 'orders', { RATE_LIMIT_PUBLIC_READ: '1/1m' })
  await t.rejects(registerWorld({ ...options, url: limited }), /need a fleet whose limits are off/)
})

t.test('a fleet without a cafeteria that takes orders is no world', async (t) => {
  const empty = await cloneTestDatabase()
  t.teardown(() => empty.drop())
  const orders = await start(t, 'orders', { RATE_LIMITS: 'off', DATABASE_URL: empty.url })
  await t.rejects(registerWorld({ ...options, url: orders }), /No cafeteria at .* takes orders now/)
})
