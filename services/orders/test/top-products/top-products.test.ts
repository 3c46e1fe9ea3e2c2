import { sql } from 'kysely'
import t from 'tap'
import { addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, cafeteria, product, manager } = await startEditingApp(t)
const url = `/v1/cafeterias/${cafeteria.id}/top-products`

t.test(
  'the products that are ordered most, as they are now, without what is not sold any more',
  async (t) => {
    t.match(await send('GET', url), { status: 200, body: { calculatedAt: null, data: [] } })
    const cafeteriaId = cafeteria.id
    const second = await addProduct(db, { cafeteriaId })
    const gone = await addProduct(db, { cafeteriaId, deletedAt: new Date().toISOString() })
    // The worker invalidates the cache after it has counted; here the list is inserted without it.
    await sql`insert into top_products values (${cafeteriaId}, now(),
    ${[second.id, gone.id, product.id]}::uuid[], ${[30, 20, 10]}::bigint[])`.execute(db)
    await send('PATCH', `/v1/products/${product.id}`, manager, { priceCents: 12_300 })
    const { body } = await send('GET', url)
    t.match(body, {
      cafeteriaId,
      calculatedAt: String,
      data: [
        { quantity: 30, product: { id: second.id } },
        { quantity: 10, product: { id: product.id, priceCents: 12_300 } },
      ],
    })
    t.equal(body.data.length, 2)
    t.same(body.data[1].product, (await send('GET', `/v1/products/${product.id}`)).body)
    t.match(await send('GET', `/v1/cafeterias/${unknownId}/top-products`), {
      status: 404,
      body: { code: 'cafeteria_not_found' },
    })
  },
)
