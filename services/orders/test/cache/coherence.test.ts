import { hashPassword } from '@comanda/access'
import t from 'tap'
import { type ExampleCall, exampleCalls } from '../access/example-calls.ts'
import type { TestApp } from '../app.ts'
import { addProduct, addUser } from '../builders.ts'
import { startProcesses, until } from './processes.ts'

const password = 'a password of the tests'
const { here, there, uncached, db, campus, as } = await startProcesses(t)
const cafeteriaId = campus.cafeteria.id
const admin = as(campus.admin.caller)
const customer = await addUser(db, { passwordHash: await hashPassword(password), balanceCents: 10_000_000 })
const counted = await addProduct(db, { cafeteriaId, stockQuantity: 500 })
await here.app.ready()

const publicReads = [
  `/v1/cafeterias/${cafeteriaId}/menu`,
  `/v1/cafeterias/${cafeteriaId}`,
  '/v1/cafeterias',
  `/v1/cafeterias/${cafeteriaId}/hours`,
  `/v1/cafeterias/${cafeteriaId}/schedule-exceptions`,
  `/v1/cafeterias/${cafeteriaId}/top-products`,
  '/v1/products',
  `/v1/products?cafeteriaId=${cafeteriaId}`,
  `/v1/products/${counted.id}`,
  '/v1/categories',
  `/v1/mealtimes?cafeteriaId=${cafeteriaId}`,
  `/v1/modifier-groups?cafeteriaId=${cafeteriaId}`,
  '/v1/config',
]
const ownReads = ['/v1/me/summary', '/v1/me/recent-orders']
const reads = [...publicReads, ...ownReads]

const tokenHeader = 'x-consistency-token'

async function answer({ call }: TestApp, url: string, token?: unknown) {
  const named = token === undefined ? {} : { [tokenHeader]: String(token) }
  const { status, body } = await call({ url, headers: { ...as(customer.caller), ...named } })
  return { status, body }
}
const forgetEverything = () =>
  here.call({
    method: 'POST',
    url: '/v1/admin/cache/invalidations',
    headers: admin,
    payload: { pattern: '*' },
  })
const answers = async (app: TestApp, token?: unknown) =>
  Promise.all(reads.map((url) => answer(app, url, token)))
const agree = async (app: TestApp) =>
  JSON.stringify(await answers(app)) === JSON.stringify(await answers(uncached))

const examples: Record<string, () => ExampleCall | Promise<ExampleCall>> = exampleCalls({
  database: here.database,
  cafeteriaId,
  customer,
  password,
})
/** The operations that change accounts, members, wallets and payments, which are not cached. */
const others = new Set(
  (
    'register login refreshSession logout endSession updateMe changePassword changeMember removeMember ' +
    'inviteMember withdrawInvitation acceptInvitation declineInvitation topUpWallet receiveProviderWebhook'
  ).split(' '),
)
const writes = Object.entries(here.app.openapi().paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method, { operationId }]) => method !== 'get' && operationId in examples)
    .filter(([, { operationId }]) => !others.has(operationId))
    .map(([method, { operationId }]) => ({ path, method, operationId })),
)

t.test('what is loaded anew and has not changed is what clients have already', async (t) => {
  const get = async (url: string, held: Record<string, string> = {}) =>
    here.app.inject({ url, headers: { ...as(customer.caller), ...held } })
  for (const url of reads) {
    const { etag } = (await get(url)).headers
    t.ok(etag, url)
    await forgetEverything()
    t.equal((await get(url, { 'if-none-match': String(etag) })).statusCode, 304, url)
  }
})

t.test('there are writes to be seen', (t) => {
  t.ok(writes.length > 28)
  t.end()
})

for (const { path, method, operationId } of writes) {
  t.test(
    `${operationId} is seen at once by its own process and by whoever names it, and soon by others`,
    async (t) => {
      const { path: parameters = {}, body } = (await examples[operationId]?.()) ?? {}
      // The example itself was inserted behind the API.
      await forgetEverything()
      await until(async () => (await agree(here)) && (await agree(there)))
      const { status, headers } = await here.call({
        method,
        url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name])),
        headers: ['payOrder', 'placeOrder'].includes(operationId) ? as(customer.caller) : admin,
        ...(body && { payload: body }),
      })
      t.ok(status < 300, String(status))
      const token = headers[tokenHeader]
      t.same(await answers(there, token), await answers(uncached, token), 'who names the write elsewhere')
      t.same(await answers(here), await answers(uncached), 'the writer')
      await until(() => agree(there))
    },
  )
}

t.test(
  'a customer sees what staff did to their order in another process, and nobody else does',
  async (t) => {
    const recent = (app: TestApp, who: { caller: { userId: string } }) =>
      app.call({ url: '/v1/me/recent-orders', headers: as(who.caller) })
    const { body: order } = await here.call({
      method: 'POST',
      url: '/v1/orders',
      headers: as(campus.customer.caller),
      payload: {
        cafeteriaId,
        items: [{ productId: campus.product.id, quantity: 1 }],
        pickup: 'asap',
        payment: { method: 'wallet' },
      },
    })
    t.match((await recent(here, campus.customer)).body.data, [{ id: order.id, status: 'placed' }])
    t.match((await recent(there, campus.customer)).body.data, [{ id: order.id, status: 'placed' }])
    const other = await addUser(db)
    t.same((await recent(here, other)).body.data, [], 'another customer has none')
    t.match((await here.call({ url: '/v1/me/summary', headers: as(other.caller) })).body, {
      activeOrders: [],
      placedOrders: 0,
      favourites: [],
    })
    t.equal((await here.call({ url: '/v1/me/recent-orders' })).status, 401)
    await there.call({
      method: 'POST',
      url: `/v1/orders/${order.id}/accept`,
      headers: as(campus.staff.caller),
    })
    t.match((await recent(there, campus.customer)).body.data, [{ status: 'accepted' }])
    await until(async () => (await recent(here, campus.customer)).body.data[0].status === 'accepted')
    t.match((await here.call({ url: '/v1/me/summary', headers: as(campus.customer.caller) })).body, {
      activeOrders: [{ id: order.id, status: 'accepted' }],
      placedOrders: 1,
      spending: [{ currency: 'MXN', orders: 1, totalCents: order.totalCents }],
      favourites: [{ productId: campus.product.id, cafeteriaId, quantity: 1 }],
    })
  },
)
