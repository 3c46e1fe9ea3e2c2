import t from 'tap'
import type { Service } from '#src/index.ts'
import { route, testService } from '../support.ts'

const schema = { operationId: 'cook', summary: 'Cook' }
const handler = async () => ({})

const refused: [what: string, add: (app: Service) => unknown, message: RegExp][] = [
  ['no access', (app) => app.get('/a', { schema }, handler), /route GET \/a does not say who may call it/],
  ['no declaration at all', (app) => app.post('/a', handler), /route POST \/a does not say who may call it/],
  [
    'no operationId',
    (app) => app.get('/a', { config: { access: 'public' }, schema: { summary: 'x' } }, handler),
    /route GET \/a has no schema.operationId/,
  ],
  [
    'no summary',
    (app) => app.get('/a', { config: { access: 'public' }, schema: { operationId: 'a' } }, handler),
    /route GET \/a has no schema.summary/,
  ],
  [
    'an unknown access',
    (app) => app.get('/a', { config: { access: 'boss' as never }, schema }, handler),
    /has the unknown access "boss"/,
  ],
  [
    'an unknown limit',
    (app) => app.get('/a', { config: { access: 'public', limit: 'few' as never }, schema }, handler),
    /has the unknown limit "few"/,
  ],
  [
    'an unknown error',
    (app) => app.get('/a', { config: { access: 'public', errors: ['never_declared'] }, schema }, handler),
    /lists the unknown error code "never_declared"/,
  ],
]

for (const [what, add, message] of refused) {
  t.test(`a route with ${what} stops the start`, async (t) => {
    const { app } = await testService(t)
    t.throws(() => add(app), { message })
  })
}

t.test('a rule broken inside a plugin stops the start as well', async (t) => {
  const { app } = await testService(t)
  app.register(async (feature) => void feature.get('/hidden', handler), { prefix: '/v1' })
  await t.rejects(async () => app.ready(), { message: /route GET \/v1\/hidden does not say who may call it/ })
})

t.test('two operations cannot share an id', async (t) => {
  const { app } = await testService(t)
  app.get('/a', { config: { access: 'public' }, schema }, handler)
  t.throws(() => app.get('/b', { config: { access: 'public' }, schema }, handler), /has the operationId of/)
  t.throws(() => app.post('/a', { config: { access: 'public' }, schema }, handler), /has the operationId of/)
})

t.test('limits follow from method and access unless a route names one', async (t) => {
  const { app } = await testService(t)
  const seen: Record<string, unknown> = {}
  const report = (name: string) => async (request: { routeOptions: { config: { limit?: string } } }) => {
    seen[name] = request.routeOptions.config.limit
    return {}
  }
  app.get('/read', { config: { access: 'public' }, schema: route('r') }, report('read'))
  app.post('/write', { config: { access: 'public' }, schema: route('w') }, report('write'))
  app.get('/named', { config: { access: 'public', limit: 'reports' }, schema: route('n') }, report('named'))
  await app.inject('/read')
  await app.inject({ method: 'POST', url: '/write' })
  await app.inject('/named')
  t.same(seen, { read: 'publicRead', write: 'default', named: 'reports' })
})
