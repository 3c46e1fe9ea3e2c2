import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, registered } from '../accounts/people.ts'
import { startTestApp } from '../app.ts'
import { addCafeteria, addInvitation, addUser } from '../builders.ts'
import { startInvitationsApp } from './invitations-app.ts'

const { test, call, as, db, cafeteria, manager, admin, invite, own, accept, decline, roleOf } =
  await startInvitationsApp(t)

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
