import t from 'tap'
import { startCampusApp } from '../orders/campus-app.ts'

const { campus, call, as } = await startCampusApp(t)
const { cafeteria, product, admin } = campus

async function loadsOf(prefix: string): Promise<number> {
  const { body } = await call({ url: '/v1/admin/cache', headers: as(admin.caller) })
  const found = body.prefixes.find((one: { prefix: string }) => one.prefix === prefix)
  return found?.loads ?? 0
}

/** Names the fields in an order that the number decides. */
function spelling(fields: string[], number: number): string {
  const left = [...fields]
  const picked: string[] = []
  for (let rest = number; left.length > 0; rest = Math.floor(rest / 7))
    picked.push(...left.splice(rest % left.length, 1))
  return picked.join(number % 2 ? ',' : '%2C')
}

t.test('four hundred spellings of one list are one answer in the cache', async (t) => {
  const fields = ['id', 'name', 'priceCents', 'currency', 'cafeteriaId']
  const bodies = new Set<string>()
  for (let number = 0; number < 400; number += 1) {
    const cafeteriaId = number % 3 ? cafeteria.id : cafeteria.id.toUpperCase()
    const query = [`fields=${spelling(fields, number)}`, `cafeteriaId=${cafeteriaId}`]
    if (number % 5 === 0) query.push('limit=20')
    if (number % 5 === 1) query.unshift('limit=020')
    if (number % 5 === 2) query[0] += ',id'
    const { status, body } = await call({ url: `/v1/products?${query.join('&')}` })
    t.equal(status, 200, query.join('&'))
    bodies.add(JSON.stringify(body.data))
  }
  t.equal(bodies.size, 1)
  t.equal(await loadsOf('listProducts'), 1)
})

t.test('one product has one answer, however its id is written', async (t) => {
  const id: string = product.id
  for (const one of [id, id.toUpperCase(), `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`])
    t.match(await call({ url: `/v1/products/${one}` }), { status: 200, body: { id } })
  t.equal(await loadsOf('getProduct'), 1)
})

t.test('what validation refuses is refused although its like is cached', async (t) => {
  const list = `/v1/products?cafeteriaId=${cafeteria.id}`
  t.equal((await call({ url: list })).status, 200)
  for (const more of [
    'limit=0',
    'limit=x',
    'limit=',
    'limit=20&limit=20',
    'fields=id,,name',
    'unknown=1',
    `fields=${'id,'.repeat(200)}id`,
  ])
    t.equal((await call({ url: `${list}&${more}` })).status, 400, more)
})

t.test('a search for "undefined" is a search, whether the list without one is cached or not', async (t) => {
  const list = `/v1/products?cafeteriaId=${cafeteria.id}`
  for (const query of ['q=undefined', 'q=null', 'q=[object Object]'])
    t.match(await call({ url: `${list}&${query}` }), { status: 200, body: { data: [] } }, query)
  t.ok((await call({ url: list })).body.data.length > 0)
  t.match(await call({ url: `${list}&q=undefined` }), { status: 200, body: { data: [] } })
  for (const more of ['cursor=undefined', 'page=undefined', 'categoryId=undefined', 'fields=undefined'])
    t.equal((await call({ url: `${list}&${more}` })).status, 400, more)
})
