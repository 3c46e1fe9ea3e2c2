import { createRefreshToken } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria } from '../builders.ts'
import { bearer, registered } from './people.ts'

const test = await startTestApp(t)
const { call, database, statements } = test
const db = database.primary
const refresh = (refreshToken: string) =>
  call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })
const sessionOf = (userId: string) =>
  db.selectFrom('sessions').selectAll().where('userId', '=', userId).executeTakeFirstOrThrow()

t.test('a refresh token is exchanged for the next one of the same session, in one statement', async (t) => {
  const { user, refreshToken } = await registered(test)
  const before = await sessionOf(user.id)
  statements.length = 0
  const { status, body, headers } = await refresh(refreshToken)
  t.equal(statements.length, 1)
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'no-store')
  t.strictSame(body.user, user)
  t.equal(body.expiresIn, 900)
  t.not(body.refreshToken, refreshToken)
  t.equal((await call({ url: '/v1/me', headers: bearer(body) })).status, 200)

  const after = await sessionOf(user.id)
  t.equal(after.id, before.id)
  t.ok(after.lastUsedAt > before.lastUsedAt)
  t.ok(after.expiresAt > before.expiresAt, 'the session lives on')
  const third = await refresh(body.refreshToken)
  t.equal(third.status, 200, 'and the next one works as well')
})

t.test('the new access token carries the roles of now', async (t) => {
  const { user, refreshToken } = await registered(test)
  const cafeteria = await addCafeteria(db)
  await db
    .insertInto('memberships')
    .values({ userId: user.id, cafeteriaId: cafeteria.id, role: 'manager' })
    .execute()
  const { body } = await refresh(refreshToken)
  t.match(body.user, { role: 'manager', memberships: [{ cafeteriaId: cafeteria.id, role: 'manager' }] })
  const members = await call({ url: `/v1/cafeterias/${cafeteria.id}/members`, headers: bearer(body) })
  t.equal(members.status, 200)
})

t.test('a refresh token that comes again ends its session and all tokens that came from it', async (t) => {
  const first = await registered(test)
  const second = (await refresh(first.refreshToken)).body
  const third = (await refresh(second.refreshToken)).body
  t.match(await refresh(first.refreshToken), { status: 401, body: { code: 'refresh_token_reused' } })
  t.match(await refresh(third.refreshToken), { status: 401, body: { code: 'refresh_token_invalid' } })
  for (const tokens of [first, second, third]) {
    const me = await call({ url: '/v1/me', headers: bearer(tokens) })
    t.match(me, { status: 401, body: { code: 'session_revoked' } })
  }
  t.ok((await sessionOf(first.user.id)).revokedAt)
})

t.test('of two exchanges of one token at once, one is the reuse', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { user, refreshToken } = await registered(test)
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
    t.strictSame(answers.map(({ body }) => String(body.code ?? 'fine')).toSorted(), [
      'fine',
      'refresh_token_reused',
    ])
    t.ok((await sessionOf(user.id)).revokedAt)
    const tokens = await db
      .selectFrom('refreshTokens')
      .innerJoin('sessions', 'sessions.id', 'sessionId')
      .select('usedAt')
      .where('userId', '=', user.id)
      .execute()
    t.equal(tokens.length, 2, 'one next token was made')
  }
})

t.test('a token that is unknown, or whose session is over, is refused', async (t) => {
  t.match(await refresh(createRefreshToken().token), { status: 401, body: { code: 'refresh_token_invalid' } })
  t.match(await refresh('token'), { status: 401, body: { code: 'refresh_token_invalid' } })
  const { user, refreshToken } = await registered(test)
  await db.updateTable('sessions').set({ expiresAt: sql`now()` }).where('userId', '=', user.id).execute()
  t.match(await refresh(refreshToken), { status: 401, body: { code: 'refresh_token_invalid' } })
})

t.test('a session ends 180 days after it began, however often it is refreshed', async (t) => {
  const { user, refreshToken } = await registered(test)
  const began = (days: number) =>
    db
      .updateTable('sessions')
      .set({ createdAt: sql`now() - make_interval(days => ${days})` })
      .where('userId', '=', user.id)
      .execute()
  const days = async () => {
    const { expiresAt, createdAt } = await sessionOf(user.id)
    return (Date.parse(expiresAt) - Date.parse(createdAt)) / 86_400_000
  }
  await began(100)
  const next = await refresh(refreshToken)
  t.equal(Math.round(await days()), 130)
  await began(170)
  t.equal((await refresh(next.body.refreshToken)).status, 200)
  t.equal(await days(), 180)
})

t.test('anything but a token in the body is not valid', async (t) => {
  for (const body of [{}, { refreshToken: '' }, { refreshToken: 7 }, { refreshToken: 'x', userId: 'y' }]) {
    const answer = await call({ method: 'POST', url: '/v1/auth/refresh', body })
    t.match(answer, { status: 400, body: { code: 'validation_failed' } })
  }
})
