import t from 'tap'
import { kitchen } from './soup-kitchen.ts'

t.test('a coded error becomes a problem document that its extra members cannot falsify', async (t) => {
  const { app } = await kitchen(t)
  const response = await app.inject({
    url: '/soups/cold?secret=1',
    headers: { 'x-request-id': 'test-request-1' },
  })
  t.equal(response.statusCode, 409)
  t.match(response.headers['content-type'], /^application\/problem\+json/)
  t.equal(response.headers['retry-after'], '2')
  t.same(response.json(), {
    type: 'urn:comanda:problem:soup_cold',
    title: 'The soup is cold',
    status: 409,
    detail: 'Bowl 7 is cold',
    code: 'soup_cold',
    instance: '/soups/cold',
    requestId: 'test-request-1',
    retryAfter: 2,
    bowl: 7,
  })
})

t.test('an unknown error reveals nothing and is logged with its cause', async (t) => {
  const { app, lines } = await kitchen(t)
  const response = await app.inject('/soups/broken')
  t.equal(response.statusCode, 500)
  t.match(response.json(), { code: 'internal_error', detail: 'Something went wrong' })
  t.notMatch(response.body, /select|42P01/)
  t.match(lines.at(-1), { level: 'error', status: 500, err: { message: 'select * from secrets' } })
})
