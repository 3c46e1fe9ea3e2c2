import t from 'tap'
import { startTestApp } from '../app.ts'
import { addUser } from '../builders.ts'
import { bearer, password, registered } from './people.ts'

const test = await startTestApp(t)
const { call, as, database } = test

async function loggedInAgain(email: string, userAgent = 'a phone') {
  const { body } = await call({
    method: 'POST',
    url: '/v1/auth/login',
    headers: { 'user-agent': userAgent },
    body: { email, password },
  })
  return body
}
const refresh = (refreshToken: string) =>
  call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })
const me = (tokens: never) => call({ url: '/v1/me', headers: bearer(tokens) })
const revoked = { status: 401, body: { code: 'session_revoked' } }

t.test('logging out ends the session at once, its access token and its refresh token', async (t) => {
  const tokens = await registered(test)
  const logout = await call({ method: 'POST', url: '/v1/auth/logout', headers: bearer(tokens) })
  t.match(logout, { status: 204, body: '' })
  t.match(await me(tokens as never), revoked)
  t.match(await refresh(tokens.refreshToken), { status: 401, body: { code: 'refresh_token_invalid' } })
})

t.test('a refresh token is enough to log out, again and again', async (t) => {
  const tokens = await registered(test)
  const other = await loggedInAgain(tokens.user.email)
  for (const refreshToken of [tokens.refreshToken, tokens.refreshToken, 'unknown']) {
    const logout = await call({ method: 'POST', url: '/v1/auth/logout', body: { refreshToken } })
    t.equal(logout.status, 204)
  }
  t.match(await me(tokens as never), revoked)
  t.equal((await me(other as never)).status, 200, 'other sessions go on')
})

t.test('without any token there is no session to end', async (t) => {
  for (const headers of [{}, { authorization: 'Bearer forged' }]) {
    const logout = await call({ method: 'POST', url: '/v1/auth/logout', headers })
    t.match(logout, { status: 401, body: { code: 'access_token_missing' } })
  }
})

t.test('sessions are listed newest first, page by page, without those that are over', async (t) => {
  const first = await registered(test)
  const second = await loggedInAgain(first.user.email, 'b'.repeat(400))
  const third = await loggedInAgain(first.user.email)
  await call({ method: 'POST', url: '/v1/auth/logout', headers: bearer(second) })

  const page = await call({ url: '/v1/auth/sessions?limit=1', headers: bearer(first) })
  t.match(page, {
    status: 200,
    body: { data: [{ current: false, userAgent: 'a phone', address: '127.0.0.1' }] },
  })
  const next = await call({
    url: `/v1/auth/sessions?limit=1&cursor=${page.body.nextCursor}`,
    headers: bearer(first),
  })
  t.match(next.body, { data: [{ current: true, userAgent: 'lightMyRequest' }], nextCursor: null })
  t.strictSame(Object.keys(next.body.data[0]).toSorted(), [
    'address',
    'createdAt',
    'current',
    'expiresAt',
    'id',
    'lastUsedAt',
    'userAgent',
  ])
  const asThird = await call({ url: '/v1/auth/sessions', headers: bearer(third) })
  t.strictSame(
    asThird.body.data.map(({ current }: { current: boolean }) => current),
    [true, false],
  )
  const forged = await call({ url: '/v1/auth/sessions?cursor=forged', headers: bearer(first) })
  t.match(forged, { status: 400, body: { code: 'invalid_cursor' } })
})

t.test('one session can be ended, by its owner only', async (t) => {
  const first = await registered(test)
  const second = await loggedInAgain(first.user.email)
  const stranger = await addUser(database.primary)
  const list = await call({ url: '/v1/auth/sessions', headers: bearer(first) })
  const { id } = list.body.data.find(({ current }: { current: boolean }) => !current)
  const end = (headers: { authorization: string }) =>
    call({ method: 'DELETE', url: `/v1/auth/sessions/${id}`, headers })

  t.match(await end(as(stranger.caller)), { status: 404, body: { code: 'session_not_found' } })
  t.equal((await me(second as never)).status, 200)
  t.equal((await end(bearer(first))).status, 204)
  t.match(await me(second as never), revoked)
  t.match(await end(bearer(first)), { status: 404, body: { code: 'session_not_found' } })
  t.equal((await me(first as never)).status, 200)
  const nonsense = await call({ method: 'DELETE', url: '/v1/auth/sessions/7', headers: bearer(first) })
  t.match(nonsense, { status: 400, body: { code: 'validation_failed' } })
})

t.test('all other sessions can be ended, or all', async (t) => {
  const first = await registered(test)
  const second = await loggedInAgain(first.user.email)
  const third = await loggedInAgain(first.user.email)
  const stranger = await registered(test)

  const others = await call({ method: 'DELETE', url: '/v1/auth/sessions', headers: bearer(third) })
  t.equal(others.status, 204)
  t.match(await me(first as never), revoked)
  t.match(await me(second as never), revoked)
  t.equal((await me(third as never)).status, 200)

  const all = await call({ method: 'DELETE', url: '/v1/auth/sessions?scope=all', headers: bearer(third) })
  t.equal(all.status, 204)
  t.match(await me(third as never), revoked)
  t.equal((await me(stranger as never)).status, 200, 'nobody else is logged out')
})
