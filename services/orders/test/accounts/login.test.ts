import { randomUUID } from 'node:crypto'
import { verifyPassword } from '@comanda/access'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria } from '../builders.ts'
import { bearer, password, registered } from './people.ts'

const test = await startTestApp(t)
const { call, database, statements } = test
const login = (body: object) => call({ method: 'POST', url: '/v1/auth/login', body })

t.test('logging in answers the account with new tokens, in two statements', async (t) => {
  const { user, refreshToken } = await registered(test)
  statements.length = 0
  const { status, body, headers } = await login({ email: ` ${user.email.toUpperCase()} `, password })
  t.equal(statements.length, 2)
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'no-store')
  t.strictSame(body.user, user)
  t.equal(body.expiresIn, 900)
  t.not(body.refreshToken, refreshToken)
  t.equal((await call({ url: '/v1/me', headers: bearer(body) })).status, 200)
})

t.test('the answer and its token carry where somebody works, and the highest role', async (t) => {
  const { user } = await registered(test)
  const db = database.primary
  const [first, second] = [await addCafeteria(db), await addCafeteria(db)]
  await db
    .insertInto('memberships')
    .values([
      { userId: user.id, cafeteriaId: first.id, role: 'staff' },
      { userId: user.id, cafeteriaId: second.id, role: 'manager' },
    ])
    .execute()
  const manager = await login({ email: user.email, password })
  t.match(manager.body.user, {
    role: 'manager',
    memberships: [
      { cafeteriaId: first.id, role: 'staff' },
      { cafeteriaId: second.id, role: 'manager' },
    ],
  })
  const members = (cafeteriaId: string, body: never) =>
    call({ url: `/v1/cafeterias/${cafeteriaId}/members`, headers: bearer(body) })
  t.equal((await members(second.id, manager.body as never)).status, 200)
  t.equal((await members(first.id, manager.body as never)).status, 404)

  await db.updateTable('users').set({ isAdmin: true }).where('id', '=', user.id).execute()
  const admin = await login({ email: user.email, password })
  t.equal(admin.body.user.role, 'admin')
  t.equal((await members(first.id, admin.body as never)).status, 200)
})

t.test('a wrong password and an unknown address are the same answer', async (t) => {
  const { user } = await registered(test)
  const sessions = () =>
    database.primary.selectFrom('sessions').selectAll().where('userId', '=', user.id).execute()
  const before = await sessions()
  const wrong = await login({ email: user.email, password: 'comanda-dem0' })
  const unknown = await login({ email: `${randomUUID()}@comanda.test`, password })
  t.match(wrong, { status: 401, body: { code: 'invalid_credentials' } })
  t.equal(unknown.status, wrong.status)
  const { requestId: _one, ...wrongBody } = wrong.body
  const { requestId: _other, ...unknownBody } = unknown.body
  t.strictSame(unknownBody, wrongBody)
  t.strictSame(await sessions(), before, 'and no session begins')
})

t.test('a login that fails is counted by why it did, and one that succeeds is not', async (t) => {
  const { user } = await registered(test)
  const failed = async () => {
    const text = await test.app.meter.registry.metrics()
    return Number(/^logins_failed_total\{reason="invalid_credentials"\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  const before = await failed()
  await login({ email: user.email, password: 'comanda-dem0' })
  await login({ email: `${randomUUID()}@comanda.test`, password })
  await login({ email: user.email, password })
  t.equal(await failed(), before + 2)
})

t.test(
  'a flood of logins is refused at once, for accounts that exist and for those that do not',
  async (t) => {
    const { user } = await registered(test)
    // 256 MiB and four passes keep both places busy for a while; the thousand small ones behind them fill the queue.
    const hash = (parameters: string) =>
      `$argon2id$v=19$${parameters}$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc`
    const client = (number: number) => ({ client: `client ${number}`, signal: undefined })
    const flood = [
      ...Array.from({ length: 2 }, () => verifyPassword(password, hash('m=262144,t=4,p=1'))),
      ...Array.from({ length: 1000 }, (_, number) =>
        verifyPassword(password, hash('m=8,t=1,p=1'), client(number)),
      ),
    ]
    for (const email of [user.email, `${randomUUID()}@comanda.test`]) {
      const { status, body, headers } = await login({ email, password })
      t.match({ status, code: body.code }, { status: 503, code: 'password_checks_busy' })
      t.equal(headers['retry-after'], '5')
    }
    t.notOk((await Promise.all(flood)).includes(true))
    t.equal((await login({ email: user.email, password })).status, 200, 'and then it is over')
  },
)

t.test('a flood of logins from one address keeps nobody else out', async (t) => {
  const { user } = await registered(test)
  const slow = '$argon2id$v=19$m=131072,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const small = slow.replace('m=131072', 'm=8')
  const flood = [slow, slow, ...Array.from({ length: 1000 }, () => small)].map((hash) =>
    verifyPassword(password, hash, { client: 'greedy', signal: undefined }).catch(({ code }) => code),
  )
  t.equal((await login({ email: user.email, password })).status, 200)
  t.same(new Set(await Promise.all(flood)), new Set([false, 'password_checks_busy']))
})

t.test('logins are counted per account and address', async (t) => {
  const limited = await startTestApp(t, { RATE_LIMITS: 'on', DATABASE_URL: test.config.DATABASE_URL })
  const { user } = await registered(test)
  const attempt = (email: string) =>
    limited.call({ method: 'POST', url: '/v1/auth/login', body: { email, password: 'wrong' } })
  for (let count = 0; count < 5; count += 1) t.equal((await attempt(user.email)).status, 401)
  t.match(await attempt(` ${user.email.toUpperCase()}`), { status: 429, body: { code: 'rate_limited' } })
  t.equal((await attempt(`${randomUUID()}@comanda.test`)).status, 401, 'others are not held up')
})

t.test('clients that wait for a turn over HTTP get their tokens', async (t) => {
  const { user } = await registered(test)
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const send = () =>
    fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: user.email, password }),
    })
  const answers = await Promise.all(Array.from({ length: 8 }, send))
  t.same(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  )
  for (const answer of answers) t.match(await answer.json(), { user: { id: user.id } })
})
