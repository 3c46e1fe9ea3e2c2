import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria, addCampus, addUser, type TestUser } from '../builders.ts'

const { call, as, database, statements } = await startTestApp(t)
const db = database.primary
const { cafeteria, customer, staff, manager, admin } = await addCampus(db)
const elsewhere = await addCafeteria(db)
const otherManager = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })

const list = (who: TestUser, query = '', cafeteriaId = cafeteria.id) =>
  call({ url: `/v1/cafeterias/${cafeteriaId}/members${query}`, headers: as(who.caller) })
const change = (who: TestUser, userId: string, role: string, cafeteriaId = cafeteria.id) =>
  call({
    method: 'PATCH',
    url: `/v1/cafeterias/${cafeteriaId}/members/${userId}`,
    headers: as(who.caller),
    body: { role },
  })
const remove = (who: TestUser, userId: string, cafeteriaId = cafeteria.id) =>
  call({
    method: 'DELETE',
    url: `/v1/cafeterias/${cafeteriaId}/members/${userId}`,
    headers: as(who.caller),
  })
const roleOf = async (userId: string) => {
  const row = await db
    .selectFrom('memberships')
    .select('role')
    .where('userId', '=', userId)
    .where('cafeteriaId', '=', cafeteria.id)
    .executeTakeFirst()
  return row?.role ?? null
}
const auditOf = (userId: string) =>
  db
    .selectFrom('auditLog')
    .select(['actorId', 'action', 'subjectType', 'before', 'after'])
    .where('subjectId', '=', `${cafeteria.id}/${userId}`)
    .orderBy('id')
    .execute()
const isLoggedIn = async (who: TestUser) =>
  (await call({ url: '/v1/me', headers: as(who.caller) })).status === 200

t.test('a manager sees who works at the cafeteria, page by page', async (t) => {
  const first = await list(manager, '?limit=1')
  t.match(first, { status: 200, body: { data: [{ userId: staff.id, role: 'staff', email: staff.email }] } })
  const second = await list(manager, `?limit=1&cursor=${first.body.nextCursor}`)
  t.match(second.body, {
    data: [{ userId: manager.id, role: 'manager', name: manager.name }],
    nextCursor: null,
  })
  t.strictSame(Object.keys(first.body.data[0]).toSorted(), ['createdAt', 'email', 'name', 'role', 'userId'])
  t.equal((await list(admin)).body.data.length, 2)
  t.match(await list(manager, '?cursor=forged'), { status: 400, body: { code: 'invalid_cursor' } })
})

t.test('who does not manage the cafeteria does not find it', async (t) => {
  const person = await addUser(db)
  const unknown = randomUUID()
  for (const attempt of [
    () => list(otherManager),
    () => change(otherManager, staff.id, 'staff'),
    () => remove(otherManager, staff.id),
    () => list(manager, '', unknown),
    () => change(manager, staff.id, 'staff', unknown),
  ])
    t.match(await attempt(), { status: 404, body: { code: 'cafeteria_not_found' } })
  for (const who of [customer, staff]) {
    for (const attempt of [
      () => list(who),
      () => change(who, person.id, 'staff'),
      () => change(who, who.id, 'manager'),
      () => remove(who, staff.id),
    ])
      t.match(await attempt(), { status: 403, body: { code: 'forbidden_role' } })
  }
  t.equal(await roleOf(person.id), null)
  t.equal(await roleOf(staff.id), 'staff')
})

t.test('somebody who is no member cannot be made one by their id, and nothing is told of them', async (t) => {
  const person = await addUser(db)
  for (const userId of [person.id, randomUUID()]) {
    for (const who of [manager, admin])
      t.match(await change(who, userId, 'staff'), { status: 404, body: { code: 'member_not_found' } })
  }
  t.equal(await roleOf(person.id), null)
  const retired = { method: 'PUT', url: `/v1/cafeterias/${cafeteria.id}/members/${person.id}` } as const
  t.equal((await call({ ...retired, headers: as(admin.caller), body: { role: 'staff' } })).status, 405)
})

t.test(
  'a member gets another role in one statement with its audit, and the same one changes nothing',
  async (t) => {
    const person = await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
    statements.length = 0
    const answer = await change(admin, person.id, 'manager')
    t.equal(statements.length, 1)
    t.match(answer, {
      status: 200,
      body: { userId: person.id, name: person.name, email: person.email, role: 'manager' },
    })
    t.strictSame((await change(admin, person.id, 'manager')).body, answer.body)
    t.equal(await roleOf(person.id), 'manager')
    t.strictSame(await auditOf(person.id), [
      {
        actorId: admin.id,
        action: 'membership.update',
        subjectType: 'membership',
        before: { role: 'staff' },
        after: { role: 'manager' },
      },
    ])
    t.ok(await isLoggedIn(person))
  },
)

t.test('who removes somebody takes their place at the cafeteria away', async (t) => {
  const person = await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
  statements.length = 0
  t.equal((await remove(manager, person.id)).status, 204)
  t.equal(statements.length, 1)
  t.equal(await roleOf(person.id), null)
  t.ok(await isLoggedIn(person), 'and nothing else')
  t.match(await auditOf(person.id), [{ action: 'membership.delete', before: { role: 'staff' }, after: null }])
  t.match(await remove(manager, person.id), { status: 404, body: { code: 'member_not_found' } })
})

t.test('only administrators make, change and remove managers', async (t) => {
  const person = await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
  const boss = await addUser(db, { memberships: { [cafeteria.id]: 'manager' } })
  const refused = { status: 403, body: { code: 'managers_change_forbidden' } }
  t.match(await change(manager, person.id, 'manager'), refused)
  t.match(await change(manager, boss.id, 'staff'), refused)
  t.match(await remove(manager, boss.id), refused)
  t.equal(await roleOf(person.id), 'staff')
  t.equal(await roleOf(boss.id), 'manager')
  t.ok(await isLoggedIn(boss))

  t.match(await change(admin, person.id, 'manager'), { status: 200, body: { role: 'manager' } })
  t.match(await change(admin, boss.id, 'staff'), { status: 200, body: { role: 'staff' } })
  t.match(await auditOf(boss.id), [
    { actorId: admin.id, action: 'membership.update', before: { role: 'manager' }, after: { role: 'staff' } },
  ])
  t.equal((await remove(admin, person.id)).status, 204)
})

t.test('there is no other role, and no other form of an id', async (t) => {
  for (const role of ['admin', 'customer', ''])
    t.match(await change(manager, staff.id, role), { status: 400, body: { code: 'validation_failed' } })
  t.match(await change(manager, 'somebody', 'staff'), { status: 400, body: { code: 'validation_failed' } })
})
