import { createSigner } from 'fast-jwt'
import t from 'tap'
import { type Caller, createAccessTokens } from '#src/index.ts'

const secret = 'a secret that only this test knows'
const tokens = createAccessTokens({ secret })
const caller: Caller = {
  userId: '019a0000-0000-7000-8000-00000000000a',
  sessionId: '019a0000-0000-7000-8000-00000000000b',
  role: 'manager',
  memberships: { '019a0000-0000-7000-8000-000000000001': 'manager' },
}

t.test('a signed token gives its caller back, however often it is verified', async (t) => {
  const token = tokens.sign(caller)
  t.same(tokens.verify(token), caller)
  t.same(tokens.verify(token), caller)
  t.equal(tokens.lifetimeSeconds, 900)
})

t.test('a token that has expired is refused, even when its verification was in memory', async (t) => {
  const brief = createAccessTokens({ secret, lifetimeSeconds: 1 })
  const token = brief.sign(caller)
  t.same(brief.verify(token), caller)
  const later = Date.now() + 2000
  t.intercept(Date, 'now', { value: () => later })
  t.throws(() => brief.verify(token), { code: 'access_token_expired', status: 401 })
})

t.test('anything that was not signed here is refused', async (t) => {
  const claims = { sub: caller.userId, sid: caller.sessionId, role: 'admin', memberships: {} }
  const [header, payload, signature] = tokens.sign(caller).split('.') as [string, string, string]
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = base64url({ ...claims, iss: 'comanda', exp: Math.floor(Date.now() / 1000) + 900 })
  const sign = (key: string, options: object, more: object = {}) =>
    createSigner({ key, algorithm: 'HS256', iss: 'comanda', expiresIn: 900_000, ...options })({
      ...claims,
      ...more,
    })
  const table: Record<string, string> = {
    'an empty token': '',
    'a word': 'token',
    'a token with another payload': `${header}.${forged}.${signature}`,
    'a token with another signature': `${header}.${payload}.${'A'.repeat(43)}`,
    'an unsigned token': `${base64url({ alg: 'none', typ: 'JWT' })}.${forged}.`,
    'a token of another secret': sign('another secret, just as long as it', {}),
    'a token of another issuer': sign(secret, { iss: 'somebody' }),
    'a token of another algorithm': sign(secret, { algorithm: 'HS512' }),
    'a token with an unknown role': sign(secret, {}, { role: 'owner' }),
    'a token without a session': sign(secret, {}, { sid: undefined }),
  }
  for (const [name, token] of Object.entries(table)) {
    t.throws(() => tokens.verify(token), { code: 'access_token_invalid', status: 401 }, name)
  }
})
