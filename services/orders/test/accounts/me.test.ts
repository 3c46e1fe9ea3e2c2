import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { bearer, password, registered } from './people.ts'

const test = await startTestApp(t)
const { call, as, statements } = test

t.test('me is the caller, in one statement', async (t) => {
  const tokens = await registered(test)
  statements.length = 0
  const { status, body } = await call({ url: '/v1/me', headers: bearer(tokens) })
  t.equal(statements.length, 1)
  t.equal(status, 200)
  t.strictSame(body, tokens.user)
})

t.test('without a token, with a forged one and with one for nobody there is no me', async (t) => {
  t.match(await call({ url: '/v1/me' }), { status: 401, body: { code: 'access_token_missing' } })
  const forged = await call({ url: '/v1/me', headers: { authorization: 'Bearer a.b.c' } })
  t.match(forged, { status: 401, body: { code: 'access_token_invalid' } })
  const nobody = await call({ url: '/v1/me', headers: as({ userId: randomUUID() }) })
  t.match(nobody, { status: 401, body: { code: 'access_token_invalid' } })
})

t.test('name and language can be changed, each by itself', async (t) => {
  const tokens = await registered(test)
  const change = (body: object) => call({ method: 'PATCH', url: '/v1/me', headers: bearer(tokens), body })
  t.match(await change({ name: ' Eva ' }), { status: 200, body: { ...tokens.user, name: 'Eva' } })
  t.match(await change({ locale: 'en' }), {
    status: 200,
    body: { ...tokens.user, name: 'Eva', locale: 'en' },
  })
  for (const body of [{}, { name: '' }, { email: 'eva@comanda.test' }, { role: 'admin' }])
    t.match(await change(body), { status: 400, body: { code: 'validation_failed' } })
})

t.test('a new password replaces the old one and logs out everywhere else', async (t) => {
  const here = await registered(test)
  const login = (secret: string) =>
    call({ method: 'POST', url: '/v1/auth/login', body: { email: here.user.email, password: secret } })
  const elsewhere = (await login(password)).body
  const change = (currentPassword: string, newPassword = 'a new password') =>
    call({
      method: 'POST',
      url: '/v1/me/password',
      headers: bearer(here),
      body: { currentPassword, newPassword },
    })

  t.match(await change('not the password'), { status: 422, body: { code: 'wrong_password' } })
  t.match(await change(password, 'short'), { status: 400, body: { code: 'validation_failed' } })
  t.equal((await call({ url: '/v1/me', headers: bearer(elsewhere) })).status, 200)

  t.equal((await change(password)).status, 204)
  const me = await call({ url: '/v1/me', headers: bearer(elsewhere) })
  t.match(me, { status: 401, body: { code: 'session_revoked' } })
  t.equal((await call({ url: '/v1/me', headers: bearer(here) })).status, 200, 'this session goes on')
  t.equal((await login(password)).status, 401)
  t.equal((await login('a new password')).status, 200)
})

t.test('of two changes at once, one wins and the other is refused', async (t) => {
  const tokens = await registered(test)
  const answers = await Promise.all(
    ['first password', 'second password'].map((newPassword) =>
      call({
        method: 'POST',
        url: '/v1/me/password',
        headers: bearer(tokens),
        body: { currentPassword: password, newPassword },
      }),
    ),
  )
  t.strictSame(answers.map(({ status }) => String(status)).toSorted(), ['204', '422'])
})
