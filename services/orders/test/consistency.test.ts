import { migrate, unknownPosition } from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from './app.ts'
import { addCampus } from './builders.ts'
import { startSandbox } from './payments/paying-campus.ts'

const stack = await startTemporaryStack({ postgres: { standbys: 1 } })
t.teardown(() => stack.stop())
const [standby] = stack.postgres.standbys as [(typeof stack.postgres.standbys)[number]]
const { url: PAYMENT_SANDBOX_URL } = await startSandbox(t, {})
await migrate(stack.primaryUrl)
const { app, call, as, database } = await startTestApp(t, {
  DATABASE_URL: stack.primaryUrl,
  DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
  // The standby stays in the rotation however late it is made to be.
  DATABASE_MAX_LAG_SECONDS: '600',
  CORS_ORIGINS: 'https://campus.example',
  PAYMENT_SANDBOX_URL,
})
const { cafeteria, product, customer, staff, manager, admin } = await addCampus(database.primary)
await stack.postgres.waitForReplay(standby)
await app.ready()
while (database.nodes[1]?.lagMilliseconds == null) await new Promise((resolve) => setTimeout(resolve, 10))

const header = 'x-consistency-token'

interface Asking {
  who?: typeof customer
  token?: unknown
  payload?: object
}

async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, asking: Asking = {}) {
  const { who, token, payload } = asking
  const { status, body, headers } = await call({
    method,
    url,
    headers: { ...(who && as(who.caller)), ...(token !== undefined && { [header]: String(token) }) },
    ...(payload && { payload }),
  })
  return { status, body, token: headers[header] as string | undefined }
}

const place = (payment: object = { method: 'wallet' }) =>
  ask('POST', '/v1/orders', {
    who: customer,
    payload: {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: 1 }],
      pickup: 'asap',
      payment,
    },
  })

/** While the standby shows nothing of what is written. */
async function whileReplayIsPaused(work: () => Promise<void>): Promise<void> {
  await stack.postgres.pauseReplay(standby)
  try {
    await work()
  } finally {
    await stack.postgres.resumeReplay(standby)
    await stack.postgres.waitForReplay(standby)
  }
}

t.test('who brings the token of a write reads it; without it a list may be older', async (t) => {
  await whileReplayIsPaused(async () => {
    const { body: order, token } = await place()
    t.match(token, /^[0-9a-f]{16}$/)
    const ids = async (token?: unknown) =>
      (await ask('GET', '/v1/orders', { who: customer, token })).body.data.map(
        (one: { id: string }) => one.id,
      )
    t.strictSame(await ids(), [])
    t.strictSame(await ids(token), [order.id])
    t.strictSame(await ids(unknownPosition), [order.id], 'and who asks for the present gets it')

    const moved = await ask('POST', `/v1/orders/${order.id}/accept`, { who: staff })
    const [listed] = (await ask('GET', '/v1/orders', { who: staff, token: moved.token })).body.data
    t.match(listed, { id: order.id, status: 'accepted' })
  })
})

t.test('nobody misses the order that they have just placed, with a token or without', async (t) => {
  await whileReplayIsPaused(async () => {
    const { body: order, token } = await place()
    for (const path of ['', '/events', '/payments']) {
      const url = `/v1/orders/${order.id}${path}`
      t.match(await ask('GET', url, { who: customer }), { status: 200 }, url)
      t.match(await ask('GET', url, { who: customer, token }), { status: 200 }, url)
    }
    const { body: wallet } = await ask('GET', '/v1/wallet', { who: customer })
    t.strictSame((await ask('GET', '/v1/wallet', { who: customer, token })).body, wallet)

    const declined = await place({ method: 'card', token: 'tok_declined' })
    t.match(declined, { status: 402, token: String }, 'a refusal after a write answers its position too')
    const { body } = await ask('GET', '/v1/orders', { who: customer, token: declined.token })
    t.equal(body.data[0].id, declined.body.orderId)
  })
})

t.test('what was just added to the catalogue is found, and listed to who brings the token', async (t) => {
  await whileReplayIsPaused(async () => {
    const category = await ask('POST', '/v1/categories', {
      who: manager,
      payload: { cafeteriaId: cafeteria.id, name: 'Postres' },
    })
    const names = async (token?: unknown) =>
      (await ask('GET', `/v1/categories?cafeteriaId=${cafeteria.id}`, { token })).body.data.map(
        (one: { name: string }) => one.name,
      )
    t.ok(
      (await names()).includes('Postres'),
      'without a token too: what the edit outdated is loaded after it',
    )
    t.ok((await names(category.token)).includes('Postres'))

    const payload = { slug: 'nueva', name: 'Nueva', timeZone: 'America/Mexico_City', currency: 'MXN' }
    const { body: made } = await ask('POST', '/v1/cafeterias', { who: admin, payload })
    for (const path of ['', '/menu', '/hours', '/slots', '/schedule-exceptions']) {
      const url = `/v1/cafeterias/${made.id}${path}`
      t.match(await ask('GET', url), { status: 200 }, `${url} without a token`)
    }

    const config = await ask('PATCH', '/v1/config', { who: admin, payload: { announcement: 'Cerrado' } })
    t.match((await ask('GET', '/v1/config')).body, { announcement: 'Cerrado' })
    t.match((await ask('GET', '/v1/config', { token: config.token })).body, { announcement: 'Cerrado' })
  })
})

t.test('a token that is none is refused by name; one from the future is answered', async (t) => {
  for (const token of ['0', 'FFFFFFFFFFFFFFFF', `${'0'.repeat(16)}, ${'0'.repeat(16)}`, "' or 1=1"]) {
    t.match(await ask('GET', '/v1/cafeterias', { token }), {
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: header }] },
    })
  }
  t.match(await ask('GET', '/v1/cafeterias', { token: 'fffffffffffffffe' }), { status: 200 })
})

t.test('a made-up token costs its sender a question, and pins nobody to the primary', async (t) => {
  const forged = [unknownPosition, 'fffffffffffffffe', '7fffffffffffffff', '00ffffffffffffff']
  const list = (token?: string) => ask('GET', '/v1/orders?limit=1&fields=id', { who: customer, token })
  const isStandby = async (after: string) => {
    const { rows } = await database.read(
      'catalogue',
      (db) => sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`.execute(db),
      { after },
    )
    return rows[0]?.standby
  }
  await whileReplayIsPaused(async () => {
    const { body } = await place()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => list(forged[at % forged.length])))
    for (const answer of answers) t.match(answer, { status: 200, body: { data: [{ id: body.id }] } })
    t.not((await list()).body.data[0]?.id, body.id, 'who sends none reads from the standby as before')
  })
  // On a busy machine the primary's position may come too late for the standby to be asked.
  for (const token of forged) while (!(await isStandby(token))) await list(token)
  t.pass('a standby that has everything answers whatever the token says')
})

t.test('every write documents and answers a token, pages may read it, and no read has one', async (t) => {
  const { paths } = app.openapi() as { paths: Record<string, Record<string, any>> }
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses, parameters = [] }] of Object.entries(methods)) {
      const success = Object.keys(responses).find((status) => status.startsWith('2')) as string
      const answered = responses[success].headers ?? {}
      t.equal(header in answered, method !== 'get', `${method} ${path}`)
      const taken = parameters.some(({ name }: { name: string }) => name === header)
      if (taken) t.equal(method, 'get', path)
    }
  }
  const read = await app.inject({ url: '/v1/cafeterias', headers: { origin: 'https://campus.example' } })
  t.equal(read.headers[header], undefined)
  t.match(read.headers['access-control-expose-headers'], header)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/v1/cafeterias',
    headers: {
      origin: 'https://campus.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': header,
    },
  })
  t.match(preflight.headers['access-control-allow-headers'], header)
})
