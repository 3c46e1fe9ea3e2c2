import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { bearer, registered } from '../accounts/people.ts'
import { startTestApp } from '../app.ts'
import { addCafeteria, addCampus, addInvitation, addUser, type TestUser } from '../builders.ts'

const test = await startTestApp(t)
const { call, as, database } = test
const db = database.primary
const { cafeteria, manager, admin } = await addCampus(db)

type Headers = Record<string, string>
const invite = async (
  email: string,
  { role = 'staff', by = manager }: { role?: string; by?: TestUser } = {},
) => {
  const url = `/v1/cafeterias/${cafeteria.id}/invitations`
  const { status, body } = await call({ method: 'POST', url, headers: as(by.caller), body: { email, role } })
  t.equal(status, 201)
  return body as { id: string; code: string }
}
const own = async (headers: Headers) => (await call({ url: '/v1/invitations', headers })).body.data
const accept = (headers: Headers, id: string, code: string) =>
  call({ method: 'POST', url: `/v1/invitations/${id}/accept`, headers, body: { code } })
const decline = (headers: Headers, id: string) =>
  call({ method: 'POST', url: `/v1/invitations/${id}/decline`, headers })
const withdraw = (id: string) =>
  call({
    method: 'DELETE',
    url: `/v1/cafeterias/${cafeteria.id}/invitations/${id}`,
    headers: as(manager.caller),
  })
const roleOf = async (userId: string) =>
  (
    await db
      .selectFrom('memberships')
      .select('role')
      .where('userId', '=', userId)
      .where('cafeteriaId', '=', cafeteria.id)
      .executeTakeFirst()
  )?.role ?? null
const closedAs = (invitationStatus: string) => ({
  status: 409,
  body: { code: 'invitation_closed', invitationStatus },
})

t.test('who registers with the address finds the invitation, and accepts it with the code', async (t) => {
  const email = `${randomUUID()}@comanda.test`
  const { id, code } = await invite(email)
  const person = await registered(test, { email })
  t.match(await own(bearer(person)), [
    { id, cafeteriaId: cafeteria.id, cafeteriaName: cafeteria.name, role: 'staff', invitedBy: manager.name },
  ])
  const wrong = code === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'
  t.match(
    await accept(bearer(person), id, wrong),
    { status: 422, body: { code: 'wrong_invitation_code' } },
    'whoever registers with the address of somebody else does not get in',
  )
  t.match(
    await call({ method: 'POST', url: `/v1/invitations/${id}/accept`, headers: bearer(person), body: {} }),
    {
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: 'code' }] },
    },
  )
  t.equal(await roleOf(person.user.id), null)

  const { status, body } = await accept(bearer(person), id, code.toLowerCase())
  t.equal(status, 200)
  t.same(body, { cafeteriaId: cafeteria.id, role: 'staff' })
  t.match(
    await call({ url: '/v1/me', headers: bearer(person) }),
    { status: 401, body: { code: 'access_token_expired' } },
    'the token without the role is refused at once',
  )
  const refreshed = await call({
    method: 'POST',
    url: '/v1/auth/refresh',
    body: { refreshToken: person.refreshToken },
  })
  t.match(refreshed.body.user, { role: 'staff', memberships: [{ cafeteriaId: cafeteria.id, role: 'staff' }] })
  const feed = { url: `/v1/cafeterias/${cafeteria.id}/feed` }
  t.equal((await call({ ...feed, headers: bearer(refreshed.body) })).status, 200)
  t.same(await own(bearer(refreshed.body)), [])
  t.match(
    await db.selectFrom('auditLog').selectAll().where('actorId', '=', person.user.id).orderBy('id').execute(),
    [
      { action: 'invitation.accept', subjectId: id, cafeteriaId: cafeteria.id },
      {
        action: 'membership.create',
        subjectId: `${cafeteria.id}/${person.user.id}`,
        after: { role: 'staff' },
      },
    ],
  )
})

t.test('nobody else sees or answers an invitation, whatever they know', async (t) => {
  const [person, other] = [await addUser(db), await addUser(db)]
  const { id, code } = await invite(person.email)
  for (const who of [other, admin, manager]) {
    t.notOk((await own(as(who.caller))).some((one: { id: string }) => one.id === id))
    for (const answer of [accept(as(who.caller), id, code), decline(as(who.caller), id)])
      t.match(await answer, { status: 404, body: { code: 'invitation_not_found' } })
  }
  t.match(await accept(as(person.caller), randomUUID(), code), { status: 404 })
  t.equal((await accept(as(person.caller), id, code)).status, 200)
})

t.test('accepting again changes nothing, and does not bring back who was removed', async (t) => {
  const person = await addUser(db)
  const { id, code } = await invite(person.email)
  const answers = await Promise.all(Array.from({ length: 5 }, () => accept(as(person.caller), id, code)))
  for (const { status, body } of answers)
    t.same({ status, body }, { status: 200, body: { cafeteriaId: cafeteria.id, role: 'staff' } })
  const audited = await db.selectFrom('auditLog').select('action').where('actorId', '=', person.id).execute()
  t.same(audited.map(({ action }) => action).toSorted(), ['invitation.accept', 'membership.create'])
  t.match(await decline(as(person.caller), id), closedAs('accepted'))
  t.match(await withdraw(id), closedAs('accepted'))
  const member = `/v1/cafeterias/${cafeteria.id}/members/${person.id}`
  t.equal((await call({ method: 'DELETE', url: member, headers: as(manager.caller) })).status, 204)
  t.match(await accept(as(person.caller), id, code), closedAs('accepted'))
  t.equal(await roleOf(person.id), null)
})

t.test('a declined, withdrawn, replaced or expired invitation cannot be accepted', async (t) => {
  const person = await addUser(db)
  const [headers, email] = [as(person.caller), person.email]
  const declined = await invite(email)
  t.equal((await decline(headers, declined.id)).status, 204)
  t.equal((await decline(headers, declined.id)).status, 204, 'again changes nothing')
  t.match(await accept(headers, declined.id, declined.code), closedAs('declined'))
  t.match(await withdraw(declined.id), closedAs('declined'))

  const withdrawn = await invite(email)
  t.equal((await withdraw(withdrawn.id)).status, 204)
  t.match(await accept(headers, withdrawn.id, withdrawn.code), closedAs('withdrawn'))
  t.match(await decline(headers, withdrawn.id), closedAs('withdrawn'))

  const replaced = await invite(email)
  const expired = await invite(email)
  t.match(await accept(headers, replaced.id, replaced.code), { status: 404 })
  t.match(await accept(headers, expired.id, replaced.code), { status: 422 }, 'its code is of no use either')
  await sql`update invitations set expires_at = now() where id = ${expired.id}`.execute(db)
  t.same(await own(headers), [])
  t.match(await accept(headers, expired.id, expired.code), closedAs('expired'))
  t.equal(await roleOf(person.id), null)
  const again = await invite(email)
  t.equal(
    (await accept(headers, again.id, again.code)).status,
    200,
    'an expired one does not stand in the way',
  )
})

t.test('of accepting and withdrawing at the same time one happens', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const person = await addUser(db)
    const { id, code } = await invite(person.email)
    const [accepted, withdrawn] = await Promise.all([accept(as(person.caller), id, code), withdraw(id)])
    const outcome = [accepted.status, withdrawn.status]
    t.ok([String([200, 409]), String([409, 204])].includes(String(outcome)), String(outcome))
    t.equal(await roleOf(person.id), accepted.status === 200 ? 'staff' : null)
  }
})

t.test('an invitation ends with the right of whoever made it', async (t) => {
  const boss = await addUser(db, { memberships: { [cafeteria.id]: 'manager' } })
  const formerAdmin = await addUser(db, { isAdmin: true })
  const person = await addUser(db)
  for (const [by, role, end] of [
    [boss, 'staff', () => db.deleteFrom('memberships').where('userId', '=', boss.id).execute()],
    [
      formerAdmin,
      'manager',
      () => db.updateTable('users').set({ isAdmin: false }).where('id', '=', formerAdmin.id).execute(),
    ],
  ] as const) {
    const { id, code } = await invite(person.email, { by, role })
    t.equal((await own(as(person.caller))).length, 1)
    await end()
    t.same(await own(as(person.caller)), [])
    t.match(await accept(as(person.caller), id, code), closedAs('withdrawn'))
  }
  t.equal(await roleOf(person.id), null)
  t.match(await invite(person.email), { code: String }, 'nor does it stand in the way of a manager')

  const closedDown = await addCafeteria(db)
  const { id, code } = await addInvitation(db, { cafeteriaId: closedDown.id, email: person.email })
  await db
    .updateTable('cafeterias')
    .set({ deletedAt: new Date().toISOString() })
    .where('id', '=', closedDown.id)
    .execute()
  t.match(await accept(as(person.caller), id, code), closedAs('withdrawn'))
})

t.test('an invitation gives a higher role, and takes none away', async (t) => {
  const person = await addUser(db)
  const first = await invite(person.email)
  t.equal((await accept(as(person.caller), first.id, first.code)).status, 200)
  for (const [invited, role] of [
    ['manager', 'manager'],
    ['staff', 'manager'],
  ] as const) {
    const { id, code } = await addInvitation(db, {
      cafeteriaId: cafeteria.id,
      email: person.email,
      role: invited,
    })
    t.match(await accept(as(person.caller), id, code), { status: 200, body: { role } })
    t.equal(await roleOf(person.id), role)
  }
})

t.test('somebody may be invited by several cafeterias, and accept each', async (t) => {
  const person = await addUser(db)
  const elsewhere = await addCafeteria(db)
  const here = await invite(person.email)
  const there = await addInvitation(db, { cafeteriaId: elsewhere.id, email: person.email })
  t.same(
    (await own(as(person.caller))).map(({ id }: { id: string }) => id),
    [there.id, here.id],
    'newest first',
  )
  const [one, two] = await Promise.all([
    accept(as(person.caller), here.id, here.code),
    accept(as(person.caller), there.id, there.code),
  ])
  t.match([one.status, two.status], [200, 200])
  const { body } = await call({ url: '/v1/me', headers: as(person.caller) })
  t.equal(body.memberships.length, 2)
})

t.test('attempts at codes and passwords have a bound of their own', async (t) => {
  const { DATABASE_URL } = test.config
  const limits = { RATE_LIMITS: 'on', RATE_LIMIT_CODES: '2/1m', RATE_LIMIT_VERY_EXPENSIVE: '1000/1m' }
  const limited = await startTestApp(t, { DATABASE_URL, ...limits })
  const person = await addUser(db)
  const { id, code } = await invite(person.email)
  const attempt = (url: string, body: object) =>
    limited.call({ method: 'POST', url, headers: as(person.caller), body })
  const wrong = code === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'
  const guess = () => attempt(`/v1/invitations/${id}/accept`, { code: wrong })
  for (let count = 0; count < 2; count += 1)
    t.match(await guess(), { status: 422, body: { code: 'wrong_invitation_code' } })
  t.match(await guess(), { status: 429, body: { code: 'rate_limited' } })
  t.match(await attempt('/v1/me/password', { currentPassword: 'a guess', newPassword: 'a new password' }), {
    status: 429,
    body: { code: 'rate_limited' },
  })
})
