import type { AddressInfo } from 'node:net'
import { exchange } from '@comanda/service/testing'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCampus, addModifierGroup, addProduct } from '../builders.ts'

const origin = 'https://canteen.example'
const { app, database } = await startTestApp(t, {
  RATE_LIMITS: 'on',
  RATE_LIMIT_PUBLIC_READ: '100000/1m',
  CORS_ORIGINS: origin,
})
const db = database.primary
const { cafeteria, product } = await addCampus(db)
for (let count = 0; count < 10; count += 1) await addProduct(db, { cafeteriaId: cafeteria.id })
// A list without members is not cached.
await addModifierGroup(db, { cafeteriaId: cafeteria.id, productIds: [product.id] })
await db
  .insertInto('mealtimes')
  .values({ cafeteriaId: cafeteria.id, name: 'Lunch', starts: '11:00', ends: '15:00' })
  .execute()
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo
const lookUp = app.fastPathLookup
if (lookUp === undefined) throw new Error('the cache looks nothing up')

/** Every public route that is cached, recognised by its documented 304. */
const routes = Object.entries(app.openapi().paths).flatMap(([path, { get }]) =>
  get?.responses['304'] !== undefined && get['x-access'] === 'public' ? [path] : [],
)

const urlOf = (path: string) => path.replace('{cafeteriaId}', cafeteria.id).replace('{productId}', product.id)

let found = 0
async function ask(path: string, headers: Record<string, string>, fast: boolean) {
  app.fastPathLookup = fast
    ? async (request) => {
        const answer = await lookUp?.(request)
        if (answer !== undefined) found += 1
        return answer
      }
    : undefined
  return exchange(port, { path, headers })
}

t.test('there are cached routes to compare', (t) => {
  t.ok(routes.length > 10, routes.join(', '))
  t.end()
})

for (const route of routes) {
  t.test(`${route} is the same on the wire, whether Fastify or the fast path sends it`, async (t) => {
    const path = urlOf(route)
    t.notMatch(path, '{', 'every parameter has a value')
    for (const headers of [
      {},
      { 'accept-encoding': 'gzip' },
      { 'accept-encoding': 'gzip, deflate, br, zstd' },
      { 'accept-encoding': 'br', 'x-no-compression': '1' },
    ] as Record<string, string>[]) {
      // The first answer is loaded.
      await ask(path, headers, false)
      const { header } = await compare(headers)
      const revalidated = await compare({ ...headers, 'if-none-match': String(header('etag')) })
      t.equal(revalidated.statusLine, 'HTTP/1.1 304 Not Modified')
    }

    async function compare(headers: Record<string, string>) {
      const usual = await ask(path, headers, false)
      const before = found
      const quick = await ask(path, headers, true)
      t.equal(found, before + 1, 'the fast path was taken')
      t.strictSame([quick.statusLine, quick.head], [usual.statusLine, usual.head], JSON.stringify(headers))
      t.equal(quick.body, usual.body)
      return quick
    }
  })
}
