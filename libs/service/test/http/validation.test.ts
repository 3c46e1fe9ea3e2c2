import t from 'tap'
import { Type } from 'typebox'
import { route } from '../support.ts'
import { kitchen } from './soup-kitchen.ts'

t.test('a body with several mistakes is refused with every one of them', async (t) => {
  const { app } = await kitchen(t)
  const payload = {
    name: 'x',
    spice: 'green',
    extra: 1,
    toppings: [{ name: 'chives' }, { name: 3, size: 1 }],
  }
  const response = await app.inject({ method: 'POST', url: '/soups', payload })
  t.equal(response.statusCode, 400)
  t.equal(response.json().code, 'validation_failed')
  t.same(
    response
      .json()
      .errors.toSorted((a: { field: string }, b: { field: string }) => a.field.localeCompare(b.field)),
    [
      { field: 'bowls', message: 'is required' },
      { field: 'extra', message: 'is unknown' },
      { field: 'name', message: 'must NOT have fewer than 2 characters' },
      { field: 'spice', message: 'must be one of mild, hot' },
      { field: 'toppings[1].name', message: 'must be string' },
      { field: 'toppings[1].size', message: 'is unknown' },
    ],
  )
})

t.test('a huge body of mistakes is refused with its first one only', async (t) => {
  const { app } = await kitchen(t)
  const payload = { name: 'soup', bowls: 1, toppings: Array.from({ length: 2000 }, () => ({ name: 1 })) }
  const response = await app.inject({ method: 'POST', url: '/soups', payload })
  t.equal(response.statusCode, 400)
  t.same(response.json().errors, [{ field: 'toppings[0].name', message: 'must be string' }])
})

t.test('bodies are strict where queries are text', async (t) => {
  const { app } = await kitchen(t)
  const strict = await app.inject({ method: 'POST', url: '/soups', payload: { name: 'soup', bowls: '2' } })
  t.same(strict.json().errors, [{ field: 'bowls', message: 'must be integer' }])
  const query = await app.inject('/soups?limit=7&hot=true')
  t.same(query.json(), { limit: 7, hot: true })
  t.same((await app.inject('/soups')).json(), { limit: 20 }, 'defaults apply')
  const unknown = await app.inject('/soups?limit=7&colour=red')
  t.same(unknown.json().errors, [{ field: 'colour', message: 'is unknown' }])
})

t.test('headers are validated whatever the case of their names, and others are not refused', async (t) => {
  const { app } = await kitchen(t)
  t.same((await app.inject('/keyed')).json().errors, [{ field: 'idempotency-key', message: 'is required' }])
  const ok = await app.inject({ url: '/keyed', headers: { 'Idempotency-Key': 'abcdefgh', 'x-other': '1' } })
  t.equal(ok.statusCode, 200)
})

t.test('what Postgres could not take is refused at the door', async (t) => {
  const { app } = await kitchen(t)
  const config = { access: 'public' } as const
  const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
  app.get('/soups/by-id/:id', { config, schema: { ...route('ById'), params } }, async () => ({}))
  const statusOf = async (url: string) => (await app.inject(url)).statusCode
  t.equal(await statusOf('/soups/by-id/01900000-0000-7000-8000-000000000000'), 200)
  t.equal(await statusOf('/soups/by-id/urn:uuid:01900000-0000-7000-8000-000000000000'), 400)
  t.match((await app.inject('/soups?q=%00')).json(), { status: 400, code: 'malformed_url' })

  const cook = (payload: string) =>
    app.inject({ method: 'POST', url: '/soups', payload, headers: { 'content-type': 'application/json' } })
  t.match((await cook('{"name":"so\\u0000up","bowls":1}')).json(), {
    status: 400,
    code: 'validation_failed',
    errors: [{ field: 'name' }],
  })
  t.equal(
    (await cook('{"name":"so\\\\u0000up","bowls":1}')).statusCode,
    200,
    'escaped, it is only a backslash',
  )
})
