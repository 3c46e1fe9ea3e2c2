import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import type { SignedIn } from '#src/accounts/accounts.schema.ts'
import { bearer, password, registered } from '../accounts/people.ts'
import { startTestApp } from '../app.ts'
import { addCafeteria, addCampus } from '../builders.ts'

const test = await startTestApp(t)
const { call, as, database, config } = test
const db = database.primary
const { cafeteria, admin } = await addCampus(db)
const elsewhere = await addCafeteria(db)
const other = await startTestApp(t, { DATABASE_URL: config.DATABASE_URL })

const login = async (email: string) =>
  (await call({ method: 'POST', url: '/v1/auth/login', body: { email, password } })).body as SignedIn
const refresh = ({ refreshToken }: SignedIn) =>
  call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })
const memberUrl = ({ user }: SignedIn, at = cafeteria.id) => `/v1/cafeterias/${at}/members/${user.id}`
const change = (method: 'PATCH' | 'DELETE', person: SignedIn, role?: string) =>
  call({
    method,
    url: memberUrl(person),
    headers: as(admin.caller),
    ...(role !== undefined && { body: { role } }),
  })
/** Somebody who manages both cafeterias, logged in since. */
async function manager(): Promise<SignedIn> {
  const { user } = await registered(test)
  await db
    .insertInto('memberships')
    .values([cafeteria, elsewhere].map(({ id }) => ({ userId: user.id, cafeteriaId: id, role: 'manager' })))
    .execute()
  return login(user.email)
}
/** A write that only managers of a cafeteria may make. */
const write = ({ call }: typeof test, who: SignedIn, at = cafeteria.id) =>
  call({
    method: 'POST',
    url: '/v1/categories',
    headers: bearer(who),
    body: { cafeteriaId: at, name: 'Postres' },
  })

/** Asks until the answer is a 401, for at most half a minute. */
async function untilRefused(ask: () => Promise<{ status: number; body: unknown }>): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const { status, body } = await ask()
    if (status === 401) return
    if (performance.now() > deadline) throw new Error(`the answer is still ${status} ${JSON.stringify(body)}`)
    await setTimeout(10)
  }
}

t.test(
  'the token of a removed manager is refused at once here, and within five seconds elsewhere',
  async (t) => {
    const person = await manager()
    t.equal((await write(test, person)).status, 201)
    t.equal((await write(other, person)).status, 201)
    t.equal((await change('DELETE', person)).status, 204)
    t.match(await write(test, person), { status: 401, body: { code: 'access_token_expired' } })
    const removedAt = performance.now()
    await untilRefused(() => write(other, person))
    const took = performance.now() - removedAt
    // Half a second is the time between two polls; the rest is for a machine that is busy.
    t.ok(took < 5_000, `${took} ms`)
  },
)

t.test('who is removed stays logged in, and keeps what they may do elsewhere', async (t) => {
  const person = await manager()
  await change('DELETE', person)
  const { status, body } = await refresh(person)
  t.equal(status, 200)
  t.strictSame(body.user.memberships, [{ cafeteriaId: elsewhere.id, role: 'manager' }])
  t.equal((await write(test, body)).status, 404)
  t.equal((await write(test, body, elsewhere.id)).status, 201)
})

t.test(
  'who gets another role has it with the next refresh, and the same role again changes nothing',
  async (t) => {
    const person = await manager()
    t.equal((await change('PATCH', person, 'manager')).status, 200)
    t.equal((await write(test, person)).status, 201)
    t.equal((await change('PATCH', person, 'staff')).status, 200)
    t.match(await write(test, person), { status: 401, body: { code: 'access_token_expired' } })
    const { body } = await refresh(person)
    t.match(
      body.user.memberships.find(({ cafeteriaId }: { cafeteriaId: string }) => cafeteriaId === cafeteria.id),
      {
        role: 'staff',
      },
    )
    t.equal((await write(test, body)).status, 404)
  },
)

t.test('who ceases to be an administrator is refused too', async (t) => {
  const { user } = await registered(test)
  const mark = (isAdmin: boolean) =>
    db.updateTable('users').set({ isAdmin }).where('id', '=', user.id).execute()
  await mark(true)
  const person = await login(user.email)
  t.equal((await call({ url: '/v1/admin/cache', headers: bearer(person) })).status, 200)
  await mark(false)
  await untilRefused(() => call({ url: '/v1/admin/cache', headers: bearer(person) }))
  t.equal((await refresh(person)).body.user.role, 'customer')
})

t.test('a login during a removal does not keep the old role', async (t) => {
  const person = await manager()
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('memberships')
      .where('userId', '=', person.user.id)
      .where('cafeteriaId', '=', cafeteria.id)
      .execute()
    // The removal is not committed: whoever logs in now still reads the role.
    const early = await login(person.user.email)
    t.equal(early.user.memberships.length, 2)
    await sql`select pg_sleep(0.1)`.execute(tx)
    person.accessToken = early.accessToken
  })
  await untilRefused(() => write(other, person))
  t.equal((await write(other, await login(person.user.email))).status, 404)
})
