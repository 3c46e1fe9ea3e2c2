import { setTimeout as wait } from 'node:timers/promises'
import { hashPassword } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { type ExampleCall, exampleCalls } from '../access/example-calls.ts'
import { startTestApp } from '../app.ts'
import { addCafeteria, addProduct, addUser } from '../builders.ts'
import { followCatalogue } from './following.ts'

/** The operations that write without changing what customers see. One that is neither here nor publishes a change fails the test. */
const changesNoCatalogue = new Set(
  [
    'register login refreshSession logout endSession endSessions updateMe changePassword',
    'changeMember removeMember inviteMember withdrawInvitation acceptInvitation declineInvitation',
    // Nobody can follow a cafeteria before it exists.
    'createCafeteria',
    // Invalidating the cache changes no data.
    'invalidateCache',
    // Orders use up stock and slots; a change is published only for the last of something.
    'addWalkIns placeOrder acceptOrder rejectOrder startOrder readyOrder recallOrder collectOrder cancelOrder',
    'quoteOrder payOrder refundPayment topUpWallet receiveProviderWebhook',
  ].flatMap((operations) => operations.split(' ')),
)

const started = await startTestApp(t)
const { app, call, as, database } = started
const db = database.primary
const password = 'a password of the tests'
const person = async (values: Parameters<typeof addUser>[1] = {}) =>
  addUser(db, { passwordHash: await hashPassword(password), balanceCents: 1_000_000, ...values })
const { id: cafeteriaId } = await addCafeteria(db)
const customer = await person()
const admin = await person({ isAdmin: true })
await app.ready()
const menu = await followCatalogue(t, started, cafeteriaId)

async function mustAnswer(request: Parameters<typeof call>[0]): Promise<any> {
  const { status, body } = await call(request)
  if (status >= 300) throw new Error(`${String(request.url)} answered ${status} ${JSON.stringify(body)}`)
  return body
}
const rename = () =>
  mustAnswer({
    method: 'PATCH',
    url: `/v1/cafeterias/${cafeteriaId}`,
    headers: as(admin.caller),
    payload: { location: 'Another' },
  })

t.before(async () => {
  // Redis does not announce when the gateway's subscription has begun, so something is changed until a change arrives.
  while (menu.take().length === 0) {
    await rename()
    await wait(20)
  }
  await menu.hears(await menu.version())
})

const examples: Record<string, () => ExampleCall | Promise<ExampleCall>> = exampleCalls({
  database,
  cafeteriaId,
  customer,
  password,
})
const edits = Object.entries(app.openapi().paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method, { operationId }]) => method !== 'get' && !changesNoCatalogue.has(operationId))
    .map(([method, { operationId }]) => ({ path, method, operationId })),
)

t.test('there are edits', (t) => {
  t.ok(edits.length >= 18)
  t.end()
})

for (const { path, method, operationId } of edits) {
  t.test(`${operationId} is published at once to whoever shows the menu`, { timeout: 20_000 }, async (t) => {
    const { path: parameters = {}, body } = (await examples[operationId]?.()) ?? {}
    const before = await menu.version()
    menu.take()
    await mustAnswer({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name])),
      headers: as(admin.caller),
      ...(body && { payload: body }),
    })
    const version = await menu.version()
    t.equal(version, before + 1, 'one edit, one version')
    await menu.hears(version)
    t.match(menu.take(), [{ cafeteriaId, version, at: /^\d{4}-.*Z$/ }])
  })
}

const place = (productId: string) =>
  mustAnswer({
    method: 'POST',
    url: '/v1/orders',
    headers: as(customer.caller),
    payload: {
      cafeteriaId,
      items: [{ productId, quantity: 1 }],
      pickup: 'asap',
      payment: { method: 'wallet' },
    },
  })

t.test(
  'an order that sells the last one is published, and one that gives it back',
  { timeout: 20_000 },
  async (t) => {
    await db.updateTable('cafeterias').set({ pausedAt: null }).execute()
    const { id } = await addProduct(db, { cafeteriaId, stockQuantity: 1 })
    const before = await menu.version()
    const order = await place(id)
    t.equal(await menu.version(), before + 1)
    await menu.hears(before + 1)
    await mustAnswer({ method: 'POST', url: `/v1/orders/${order.id}/cancel`, headers: as(customer.caller) })
    t.equal(await menu.version(), before + 2)
    await menu.hears(before + 2)
  },
)

t.test(
  'an order that leaves something is not published, and waits for no edit',
  { timeout: 20_000 },
  async (t) => {
    const { id } = await addProduct(db, { cafeteriaId, stockQuantity: 5 })
    const before = await menu.version()
    menu.take()
    await db.transaction().execute(async (tx) => {
      await sql`select from catalogue_versions where cafeteria_id = ${cafeteriaId} for update`.execute(tx)
      const order = await place(id)
      await mustAnswer({ method: 'POST', url: `/v1/orders/${order.id}/cancel`, headers: as(customer.caller) })
    })
    t.equal(await menu.version(), before)
    await rename()
    await menu.hears(before + 1)
    t.match(menu.take(), [{ version: before + 1 }], 'only the edit after it')
  },
)
