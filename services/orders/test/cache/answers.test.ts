import { randomUUID } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { createRedis, redisPrefix } from '@comanda/service'
import { redisReady } from '@comanda/service/testing'
import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addProduct } from '../builders.ts'
import { startProcesses, until } from './processes.ts'

const { here, there, uncached, db, campus, as } = await startProcesses(t)
const url = `/v1/cafeterias/${campus.cafeteria.id}/menu`
for (let count = 0; count < 20; count += 1) await addProduct(db, { cafeteriaId: campus.cafeteria.id })

t.test('a thousand that ask two processes at once for the same cost one statement', async (t) => {
  here.statements.length = 0
  there.statements.length = 0
  const asked = Array.from({ length: 1000 }, (_, index) => (index % 2 ? here : there).call({ url }))
  const bodies = new Set((await Promise.all(asked)).map(({ body }) => JSON.stringify(body)))
  t.equal(bodies.size, 1)
  t.equal(here.statements.length + there.statements.length, 1)
})

t.test('what is not there is not kept', async (t) => {
  const id = randomUUID()
  const missing = `/v1/cafeterias/${id}/menu`
  t.equal((await here.call({ url: missing })).status, 404)
  await addCafeteria(db, { id, slotDays: null })
  t.equal((await here.call({ url: missing })).status, 200)
})

const decoders = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

for (const [kind, { app }] of Object.entries({ cached: here, uncached })) {
  t.test(`${kind}: compressed as the client likes, never when it does not`, async (t) => {
    const plain = await app.inject({ url, headers: { 'accept-encoding': 'identity' } })
    for (const [encoding, decode] of Object.entries(decoders)) {
      const response = await app.inject({ url, headers: { 'accept-encoding': encoding } })
      t.equal(response.headers['content-encoding'], encoding)
      t.same(JSON.parse(decode(response.rawPayload).toString()), plain.json())
    }
    const all = 'gzip, deflate, br, zstd'
    t.ok((await app.inject({ url, headers: { 'accept-encoding': all } })).headers['content-encoding'])
    for (const headers of [{ 'accept-encoding': all, 'x-no-compression': '1' }, {}]) {
      t.equal((await app.inject({ url, headers })).headers['content-encoding'], undefined)
    }
    const tiny = await app.inject({ url: '/v1/config', headers: { 'accept-encoding': all } })
    t.equal(tiny.headers['content-encoding'], undefined, 'a tiny answer stays as it is')
  })
}

t.test('gzip is of level 6, cached or not', async (t) => {
  for (const { app } of [here, uncached]) {
    const { rawPayload } = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    // RFC 1952: 4 is the fastest, 2 the best, 0 anything between.
    t.equal(rawPayload[8], 0)
  }
})

t.test('a client that holds an answer gets a 304 until the answer changes', async (t) => {
  const first = await here.app.inject({ url, headers: { 'accept-encoding': 'br' } })
  const held = { 'if-none-match': String(first.headers.etag), 'accept-encoding': 'br' }
  const unchanged = await here.app.inject({ url, headers: held })
  t.equal(unchanged.statusCode, 304)
  t.equal(unchanged.body, '')
  const head = await here.app.inject({ method: 'HEAD', url, headers: { 'accept-encoding': 'br' } })
  t.match(head, { statusCode: 200, body: '', headers: { etag: first.headers.etag } })
  await there.call({
    method: 'PATCH',
    url: `/v1/products/${campus.product.id}`,
    headers: as(campus.manager.caller),
    payload: { priceCents: 1 },
  })
  await until(async () => (await here.app.inject({ url, headers: held })).statusCode === 200)
})

t.test('what the clock changes is kept no longer than that', async (t) => {
  const redis = createRedis(here.config, { warn() {}, info() {} })
  t.teardown(() => redis.disconnect())
  await redisReady(redis)
  const { id } = await addCafeteria(db, { slotDays: null, timeZone: 'UTC' })
  const { rows } = await sql<{
    at: string
  }>`select to_char(now() at time zone 'UTC' + interval '5 minutes', 'HH24:MI') as at`.execute(db)
  const at = rows[0]?.at as string
  const [starts, ends] = at > '12:00' ? ['00:01', at] : [at, '23:59']
  await db.insertInto('mealtimes').values({ cafeteriaId: id, name: 'Now', starts, ends }).execute()
  await db.deleteFrom('openingHours').where('cafeteriaId', '=', id).execute()
  for (const kind of ['opening', 'ordering'] as const) {
    const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      cafeteriaId: id,
      kind,
      weekday,
      opens: starts,
      closes: ends,
    }))
    await db.insertInto('openingHours').values(hours).execute()
  }
  const space = `${redisPrefix(here.config)}:cache`
  for (const [operation, own] of [
    ['getMenu', `/v1/cafeterias/${id}/menu`],
    ['getHours', `/v1/cafeterias/${id}/hours`],
    ['getCafeteria', `/v1/cafeterias/${id}`],
    ['listCafeterias', '/v1/cafeterias?limit=100'],
  ] as const) {
    const key = `${space}:entries:orders-0.1.0:{${operation}:${operation === 'getMenu' ? id : own}}`
    // Asked again, because a minute may end between the answer and this.
    await until(async () => {
      t.equal((await here.call({ url: own })).status, 200)
      return (await redis.pttl(key)) > 0
    })
    t.ok((await redis.pttl(key)) <= 5 * 60_000, `${operation} expires at ${at}`)
  }
})

t.test('another moment than now, and what people search for, are not kept', async (t) => {
  for (const own of [`${url}?at=2030-03-01T10:00:00Z`, '/v1/products?q=soup']) {
    here.statements.length = 0
    for (let time = 0; time < 2; time += 1) t.equal((await here.call({ url: own })).status, 200)
    t.equal(here.statements.length, 2, own)
  }
})
