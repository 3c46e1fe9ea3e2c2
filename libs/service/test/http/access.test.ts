import { accessErrors, type Caller, createAccessTokens } from '@comanda/access'
import t from 'tap'
import { callerOf } from '#src/index.ts'
import { route, testService } from '../support.ts'

const tokens = createAccessTokens({ secret: 'a-secret-of-the-test' })
const caller = (role: Caller['role']): Caller => ({
  userId: `user-${role}`,
  sessionId: 's1',
  role,
  memberships: {},
})

async function routes(t: Parameters<typeof testService>[0]) {
  const service = await testService(t, { authenticate: (token) => tokens.verify(token) })
  for (const access of ['public', 'authenticated', 'staff', 'manager', 'admin'] as const) {
    service.app.get(`/${access}`, { config: { access }, schema: route(access) }, async (request) => {
      return { user: request.caller?.userId ?? null }
    })
  }
  return service.app
}

const levels = ['public', 'authenticated', 'staff', 'manager', 'admin']
const reach = { customer: 2, staff: 3, manager: 4, admin: 5 } as const

for (const [role, most] of Object.entries(reach)) {
  t.test(`${role} reaches exactly ${levels.slice(0, most).join(', ')}`, async (t) => {
    const app = await routes(t)
    const authorization = `Bearer ${tokens.sign(caller(role as Caller['role']))}`
    for (const [at, level] of levels.entries()) {
      const response = await app.inject({ url: `/${level}`, headers: { authorization } })
      t.equal(response.statusCode, at < most ? 200 : 403, level)
      t.match(response.json(), at < most ? { user: `user-${role}` } : { code: 'forbidden_role' })
    }
  })
}

t.test('a stranger reaches public routes only, and is told to log in elsewhere', async (t) => {
  const app = await routes(t)
  t.same((await app.inject('/public')).json(), { user: null })
  for (const level of levels.slice(1)) {
    const response = await app.inject(`/${level}`)
    t.match(response.json(), { status: 401, code: 'access_token_missing' }, level)
    t.equal(response.headers['www-authenticate'], 'Bearer')
  }
})

t.test(
  'a token that is not valid is refused, except on a public route, where its bearer is a stranger',
  async (t) => {
    const app = await routes(t)
    const headers = { authorization: `Bearer ${tokens.sign(caller('admin'))}x` }
    const refused = await app.inject({ url: '/authenticated', headers })
    t.match(refused.json(), { status: 401, code: 'access_token_invalid' })
    t.equal(refused.headers['www-authenticate'], 'Bearer error="invalid_token"')
    t.same((await app.inject({ url: '/public', headers })).json(), { user: null })
  },
)

t.test('only the bearer scheme is understood', async (t) => {
  const app = await routes(t)
  for (const authorization of ['Basic dXNlcjpwYXNz', tokens.sign(caller('admin')), 'Bearer', 'Bearer a b']) {
    t.match((await app.inject({ url: '/authenticated', headers: { authorization } })).json(), {
      code: 'access_token_missing',
    })
  }
})

t.test('authentication may be asynchronous, and its failure is not taken for a stranger', async (t) => {
  let answer = async (): Promise<Caller> => caller('staff')
  const { app } = await testService(t, { authenticate: () => answer() })
  app.get('/staff', { config: { access: 'staff' }, schema: route('Staff') }, async (request) =>
    callerOf(request),
  )
  app.get('/open', { config: { access: 'public' }, schema: route('Open') }, async () => ({}))
  const headers = { authorization: 'Bearer token' }
  t.match((await app.inject({ url: '/staff', headers })).json(), { userId: 'user-staff' })
  answer = async () => {
    throw accessErrors.session_revoked()
  }
  t.match((await app.inject({ url: '/staff', headers })).json(), { status: 401, code: 'session_revoked' })
  t.equal((await app.inject({ url: '/open', headers })).statusCode, 200)
  answer = async () => {
    throw new Error('the database is away')
  }
  t.equal((await app.inject({ url: '/open', headers })).statusCode, 500)
})

t.test('callerOf refuses on a public route without a caller', async (t) => {
  const { app } = await testService(t)
  app.get('/me', { config: { access: 'public' }, schema: route('Me') }, async (request) => callerOf(request))
  t.match((await app.inject('/me')).json(), { status: 401, code: 'access_token_missing' })
})
