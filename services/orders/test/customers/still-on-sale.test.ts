import t from 'tap'
import { addModifierGroup, addProduct } from '../builders.ts'
import { startCampusApp } from '../orders/campus-app.ts'

const { place, call, as, campus, database } = await startCampusApp(t)
const db = database.primary
const cafeteriaId = campus.cafeteria.id
const manager = as(campus.manager.caller)
const send = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  call({ method, url, headers: manager, ...(payload && { payload }) })
const menuOf = async (id: string) => {
  const { body } = await call({ url: `/v1/cafeterias/${cafeteriaId}/menu` })
  const products = body.categories.flatMap(({ products }: { products: { id: string }[] }) => products)
  return products.find((product: { id: string }) => product.id === id)?.availability
}
const own = async (path: string) =>
  (await call({ url: `/v1/me/${path}`, headers: as(campus.customer.caller) })).body

t.test('a product of which too few modifiers are left is out of stock, and cannot be ordered', async (t) => {
  const product = await addProduct(db, { cafeteriaId, stockQuantity: 5 })
  const group = await addModifierGroup(db, { cafeteriaId, minSelect: 1, productIds: [product.id] })
  const [oat, whole] = group.modifiers.map(({ id }) => id)
  const setModifiers = async (...available: boolean[]) => {
    const modifiers = group.modifiers.map(({ id, name }, index) => ({
      id,
      name,
      available: available[index],
    }))
    t.match(await send('PATCH', `/v1/modifier-groups/${group.id}`, { modifiers }), { status: 200 })
  }
  const order = (...modifierIds: (string | undefined)[]) =>
    place({ items: [{ productId: product.id, quantity: 1, modifierIds }] })
  t.same(await menuOf(product.id), { status: 'quantity', quantity: 5 })
  await setModifiers(false, true)
  t.same(await menuOf(product.id), { status: 'quantity', quantity: 5 })
  t.match(await order(whole), { status: 201 })
  await setModifiers(false, false)
  t.same(await menuOf(product.id), { status: 'out_of_stock' })
  t.match(await order(), { status: 409, body: { code: 'product_unavailable', productId: product.id } })
  t.match(await order(oat), { status: 422, body: { code: 'modifier_unknown' } })
  t.match(await own('recent-orders'), { data: [{ unavailableProductIds: [product.id] }] })
  await setModifiers(true, false)
  t.match(await menuOf(product.id), { status: 'quantity' })
  t.match(await order(oat), { status: 201 })
  t.match(await own('recent-orders'), { data: [{ unavailableProductIds: [] }, {}] })
})

t.test('favourites and recent orders say what cannot be ordered any more', async (t) => {
  const [left, gone] = [
    await addProduct(db, { cafeteriaId, stockQuantity: 5 }),
    await addProduct(db, { cafeteriaId }),
  ]
  const items = [left, gone].map(({ id: productId }) => ({ productId, quantity: 2 }))
  t.match(await place({ items }), { status: 201 })
  const availability = (status: string) => send('PUT', `/v1/products/${left.id}/availability`, { status })
  const said = async () => {
    const { data } = await own('recent-orders')
    const { favourites } = await own('summary')
    const favourite = (id: string) =>
      favourites.find(({ productId }: { productId: string }) => productId === id)?.available
    return { recent: data[0].unavailableProductIds, left: favourite(left.id), gone: favourite(gone.id) }
  }
  t.same(await said(), { recent: [], left: true, gone: true })
  await availability('out_of_stock')
  t.same(await said(), { recent: [left.id], left: false, gone: true })
  await availability('in_stock')
  await send('DELETE', `/v1/products/${gone.id}`)
  t.same(await said(), { recent: [gone.id], left: true, gone: false })
  await send('PUT', `/v1/products/${left.id}/availability`, { status: 'quantity', quantity: 1 })
  t.match(await place({ items: [{ productId: left.id, quantity: 1 }] }, { caller: campus.admin.caller }), {
    status: 402,
  })
  t.match(await said(), { left: true })
})
