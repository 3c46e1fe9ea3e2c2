import t from 'tap'
import type { TestApp } from '../app.ts'
import { addProduct, addUser } from '../builders.ts'
import { startProcesses, until } from './processes.ts'

const { here, there, uncached, db, campus, as } = await startProcesses(t)
const cafeteriaId = campus.cafeteria.id
const customer = await addUser(db, { balanceCents: 10_000_000 })
const counted = await addProduct(db, { cafeteriaId, stockQuantity: 500 })

const tokenHeader = 'x-consistency-token'
const named = (token: unknown) => (token === undefined ? {} : { [tokenHeader]: String(token) })

/** What the menu says is left of what is counted; to whoever names a write, not less than that write. */
async function left(app: TestApp, token?: unknown): Promise<number> {
  const { body } = await app.call({ url: `/v1/cafeterias/${cafeteriaId}/menu`, headers: named(token) })
  const products = body.categories.flatMap(({ products }: { products: { id: string }[] }) => products)
  return products.find(({ id }: { id: string }) => id === counted.id)?.availability.quantity
}

function orderOfCounted(quantity: number) {
  return here.call({
    method: 'POST',
    url: '/v1/orders',
    headers: as(customer.caller),
    payload: {
      cafeteriaId,
      items: [{ productId: counted.id, quantity }],
      pickup: 'asap',
      payment: { method: 'wallet' },
    },
  })
}

t.test('whoever names their order sees what it has left, in every process and every time', async (t) => {
  let expected = await left(uncached)
  for (let order = 0; order < 15; order += 1) {
    // Both keep an answer that is older than the order.
    await Promise.all([left(here), left(there)])
    const { status, headers } = await orderOfCounted(1)
    t.equal(status, 201)
    expected -= 1
    const token = headers[tokenHeader]
    t.same(await Promise.all([left(here, token), left(there, token)]), [expected, expected], `order ${order}`)
  }
  await until(async () => (await left(there)) === expected && (await left(here)) === expected)
})

t.test('what is left of something follows its orders', async (t) => {
  const before = await left(there)
  const { status } = await orderOfCounted(3)
  t.equal(status, 201)
  await until(async () => (await left(there)) === before - 3 && (await left(here)) === before - 3)
})
