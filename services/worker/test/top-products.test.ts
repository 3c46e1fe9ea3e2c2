import { cacheTags } from '@comanda/events'
import { sql } from 'kysely'
import t from 'tap'
import { topProductsJob } from '#src/top-products/top-products.job.ts'
import { openDatabase, openKitchen } from './fixture.ts'

const never = new AbortController().signal

t.test('what is ordered most is counted once an hour, and a changed list is invalidated', async (t) => {
  const { database, owner } = await openDatabase(t)
  const db = owner.primary
  const kitchen = await openKitchen(owner)
  await kitchen.topUp(1_000_000)
  const invalidated: string[] = []
  const cache = { invalidateTags: async (tags: readonly string[]) => void invalidated.push(...tags) }
  const job = topProductsJob({ database, cache })
  const list = async () => {
    const row = await db.selectFrom('topProducts').selectAll().executeTakeFirst()
    return { productIds: row?.productIds, quantities: row?.quantities }
  }
  const hourLater = () =>
    sql`update top_products set calculated_at = now() - interval '61 minutes'`.execute(db)
  const tag = cacheTags.topProducts(kitchen.cafeteriaId)

  await job.run(never)
  t.same(await list(), { productIds: [], quantities: [] }, 'nothing was ordered yet')
  invalidated.length = 0
  for (let count = 0; count < 3; count += 1) await kitchen.place('wallet')
  const { orderId } = await kitchen.place('wallet')
  await kitchen.move(orderId, 'placed', 'rejected')
  t.equal(await job.run(never), false)
  t.same(await list(), { productIds: [], quantities: [] }, 'not before the hour is over')

  await hourLater()
  await Promise.all([job.run(never), job.run(never)])
  t.same(await list(), { productIds: [kitchen.productId], quantities: [3] }, 'without the rejected one')
  t.ok(invalidated.includes(tag))

  invalidated.length = 0
  await hourLater()
  await job.run(never)
  t.same(invalidated, [], 'an unchanged list is not invalidated')

  await sql`update orders set created_at = created_at - interval '29 days'`.execute(db)
  await hourLater()
  await job.run(never)
  t.same(await list(), { productIds: [], quantities: [] }, 'what was long ago does not count')
  t.same(invalidated, [tag])
})
