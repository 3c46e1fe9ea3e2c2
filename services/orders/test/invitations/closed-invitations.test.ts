import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addInvitation, addUser } from '../builders.ts'
import { closedAs, startInvitationsApp } from './invitations-app.ts'

const { call, as, db, cafeteria, manager, invite, own, accept, decline, withdraw, roleOf } =
  await startInvitationsApp(t)

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
