import { randomUUID } from 'node:crypto'
import { hashRefreshToken } from '@comanda/access'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { bearer, password } from './people.ts'

const test = await startTestApp(t)
const { call, database, statements } = test
const register = (body: object) => call({ method: 'POST', url: '/v1/auth/register', body })

t.test('registering opens an account and a session, in one statement', async (t) => {
  const email = `Ana.${randomUUID()}@Comanda.Test`
  statements.length = 0
  const { status, body, headers } = await register({ email: `  ${email} `, password, name: '  Ana María ' })
  t.equal(statements.length, 1)
  t.equal(status, 201)
  t.equal(headers['cache-control'], 'no-store')
  t.match(body, {
    user: { email: email.toLowerCase(), name: 'Ana María', locale: 'es', role: 'customer', memberships: [] },
    refreshToken: /^[\w-]{43}$/,
    expiresIn: 900,
  })
  t.strictSame(Object.keys(body).toSorted(), ['accessToken', 'expiresIn', 'refreshToken', 'user'])
  const me = await call({ url: '/v1/me', headers: bearer(body) })
  t.strictSame(me.body, body.user)

  const user = await database.primary
    .selectFrom('users')
    .selectAll()
    .where('id', '=', body.user.id)
    .executeTakeFirstOrThrow()
  t.match(user.passwordHash, /^\$argon2id\$v=19\$/)
  const token = await database.primary
    .selectFrom('refreshTokens')
    .innerJoin('sessions', 'sessions.id', 'sessionId')
    .select(['hash', 'usedAt', 'userAgent', 'address'])
    .where('userId', '=', body.user.id)
    .executeTakeFirstOrThrow()
  t.ok(token.hash.equals(hashRefreshToken(body.refreshToken)), 'only the hash of the refresh token is kept')
  t.match(token, { usedAt: null, userAgent: 'lightMyRequest', address: '127.0.0.1' })
})

t.test('without a name, what stands before the @ will do', async (t) => {
  const { body } = await register({ email: `bea-${randomUUID()}@comanda.test`, password, locale: 'en-US' })
  t.match(body.user, { name: /^bea-/, locale: 'en-US' })
})

t.test('an address has one account, however it is written', async (t) => {
  const email = `${randomUUID()}@comanda.test`
  t.equal((await register({ email, password, name: 'Ana' })).status, 201)
  const again = await register({ email: ` ${email.toUpperCase()}`, password: 'another one', name: 'Eva' })
  t.match(again, { status: 409, body: { code: 'email_taken' } })
})

t.test('of many who register one address at once, one does', async (t) => {
  const email = `${randomUUID()}@comanda.test`
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => register({ email, password, name: 'Ana' })),
  )
  t.strictSame(answers.map(({ status }) => String(status)).toSorted(), [
    '201',
    ...Array.from({ length: 7 }, () => '409'),
  ])
})

t.test('a bad registration says what is wrong and opens nothing', async (t) => {
  const good = { email: 'good@comanda.test', password, name: 'Ana' }
  const table: [string, object, string][] = [
    ['no address', { email: 'ana' }, 'email'],
    ['an address without a domain', { email: 'ana@localhost' }, 'email'],
    ['an address in other letters', { email: 'аna@comanda.test' }, 'email'],
    ['an endless address', { email: `${'a'.repeat(250)}@comanda.test` }, 'email'],
    ['a short password', { password: 'seven77' }, 'password'],
    ['an endless password', { password: 'x'.repeat(129) }, 'password'],
    ['an empty name', { name: '   ' }, 'name'],
    ['a number for a name', { name: 7 }, 'name'],
    ['an unknown language', { locale: 'Spanish' }, 'locale'],
    ['a role to wish for', { role: 'admin' }, 'role'],
    ['a mark to wish for', { isAdmin: true }, 'isAdmin'],
  ]
  const count = () =>
    database.primary
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
  const before = await count()
  for (const [name, change, field] of table) {
    const { status, body } = await register({ ...good, ...change })
    t.match({ status, ...body }, { status: 400, code: 'validation_failed', errors: [{ field }] }, name)
  }
  t.strictSame(await count(), before)
})

t.test('a password that would be guessed at once is refused, in any spelling', async (t) => {
  const email = `maria.${randomUUID()}@comanda.test`
  for (const [weak, message] of [
    ['password', /most used/],
    ['Password2026!', /most used/],
    ['ｐａｓｓｗｏｒｄ', /most used/],
    [' '.repeat(8), /blank/],
    ['abcabcabcabc', /repeat/],
    ['87654321', /count up/],
    [email, /email address or the name/],
    [email.toUpperCase().slice(0, email.indexOf('@')), /email address or the name/],
    ['María Núñez', /email address or the name/],
  ] as const) {
    const { status, body } = await register({ email, password: weak, name: 'María Núñez' })
    t.match(
      { status, ...body },
      {
        status: 422,
        code: 'password_too_weak',
        errors: [{ field: 'password', message }],
      },
      weak,
    )
  }
  t.equal((await register({ email, password: 'un secreto largo', name: 'María Núñez' })).status, 201)
})
