import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria, addCampus, addInvitation, addUser, type TestUser } from '../builders.ts'

const { call, as, database, statements } = await startTestApp(t)
const db = database.primary
const { cafeteria, customer, staff, manager, admin } = await addCampus(db)
const elsewhere = await addCafeteria(db)
const otherManager = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })

const freshEmail = () => `${randomUUID()}@comanda.test`
const url = `/v1/cafeterias/${cafeteria.id}/invitations`
const invite = (who: TestUser, email: string, role = 'staff') =>
  call({ method: 'POST', url, headers: as(who.caller), body: { email, role } })
const withdraw = (who: TestUser, id: string) =>
  call({ method: 'DELETE', url: `${url}/${id}`, headers: as(who.caller) })
const pending = async (who = manager) =>
  (await call({ url: `${url}?limit=100`, headers: as(who.caller) })).body.data
const auditOf = (id: string) =>
  db
    .selectFrom('auditLog')
    .select(['actorId', 'action', 'subjectType', 'cafeteriaId', 'before', 'after'])
    .where('subjectId', '=', id)
    .orderBy('id')
    .execute()

t.test(
  'a stranger and somebody with an account are invited with the same answer, and nobody is a member yet',
  async (t) => {
    const person = await addUser(db)
    const members = async () =>
      (await call({ url: `/v1/cafeterias/${cafeteria.id}/members`, headers: as(manager.caller) })).body.data
    const before = await members()
    for (const email of [freshEmail(), person.email]) {
      statements.length = 0
      const { status, body } = await invite(manager, ` ${email.toUpperCase()} `)
      t.equal(statements.length, 1)
      t.equal(status, 201)
      const { id, code, createdAt, expiresAt, ...rest } = body
      t.same(rest, { email, role: 'staff', invitedBy: manager.name })
      t.match(code, /^[2-9A-HJ-NP-Z]{8}$/)
      t.equal(Date.parse(expiresAt) - Date.parse(createdAt), 14 * 86_400_000)
      t.same(await auditOf(id), [
        {
          actorId: manager.id,
          action: 'invitation.create',
          subjectType: 'invitation',
          cafeteriaId: cafeteria.id,
          before: null,
          after: { email, role: 'staff' },
        },
      ])
      const listed = (await pending()).find((one: { id: string }) => one.id === id)
      t.same(listed, { id, createdAt, expiresAt, ...rest }, 'the code is not told again')
      const { codeHash } = await db
        .selectFrom('invitations')
        .select('codeHash')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      t.notOk(codeHash.toString('latin1').includes(code), 'nor stored')
    }
    t.same(await members(), before)
  },
)

t.test(
  'only administrators invite managers, and only who manages the cafeteria invites at all',
  async (t) => {
    t.match(await invite(manager, freshEmail(), 'manager'), {
      status: 403,
      body: { code: 'managers_change_forbidden' },
    })
    t.match(await invite(admin, freshEmail(), 'manager'), { status: 201, body: { role: 'manager' } })
    t.match(await invite(otherManager, freshEmail()), { status: 404, body: { code: 'cafeteria_not_found' } })
    for (const who of [customer, staff])
      t.match(await invite(who, freshEmail()), { status: 403, body: { code: 'forbidden_role' } })
    const unknown = { method: 'POST', url: `/v1/cafeterias/${randomUUID()}/invitations` } as const
    t.match(
      await call({ ...unknown, headers: as(admin.caller), body: { email: freshEmail(), role: 'staff' } }),
      {
        status: 404,
        body: { code: 'cafeteria_not_found' },
      },
    )
    for (const body of [
      { email: 'nobody', role: 'staff' },
      { email: freshEmail(), role: 'admin' },
      { role: 'staff' },
    ])
      t.match(await call({ method: 'POST', url, headers: as(manager.caller), body }), {
        status: 400,
        body: { code: 'validation_failed' },
      })
  },
)

t.test('who works here already is not invited', async (t) => {
  t.match(await invite(manager, staff.email), { status: 409, body: { code: 'already_member' } })
  t.equal((await invite(manager, otherManager.email)).status, 201, 'who works elsewhere is')
})

t.test('inviting somebody again replaces the invitation', async (t) => {
  const email = freshEmail()
  const first = (await invite(manager, email)).body
  const second = (await invite(admin, email, 'manager')).body
  t.not(second.id, first.id)
  t.same(
    (await pending())
      .filter((one: { email: string }) => one.email === email)
      .map(({ id }: { id: string }) => id),
    [second.id],
  )
  t.match(await auditOf(first.id), [
    { action: 'invitation.create', actorId: manager.id },
    { action: 'invitation.withdraw', actorId: admin.id, before: { email, role: 'staff' }, after: null },
  ])
  t.match(
    await invite(manager, email),
    { status: 403, body: { code: 'managers_change_forbidden' } },
    'a manager does not replace an invitation that they may not make',
  )
  const answers = await Promise.all(Array.from({ length: 5 }, () => invite(admin, email)))
  t.same(
    answers.map(({ status }) => status),
    Array.from({ length: 5 }, () => 201),
  )
  t.equal((await pending()).filter((one: { email: string }) => one.email === email).length, 1)
})

t.test('an invitation is withdrawn by who may make it, once', async (t) => {
  const { id } = (await invite(manager, freshEmail())).body
  const ofManager = (await invite(admin, freshEmail(), 'manager')).body
  t.match(await withdraw(otherManager, id), { status: 404, body: { code: 'cafeteria_not_found' } })
  t.match(await withdraw(manager, ofManager.id), { status: 403, body: { code: 'managers_change_forbidden' } })
  t.match(await withdraw(manager, randomUUID()), { status: 404, body: { code: 'invitation_not_found' } })
  const foreign = await addInvitation(db, { cafeteriaId: elsewhere.id })
  t.match(await withdraw(manager, foreign.id), { status: 404, body: { code: 'invitation_not_found' } })
  t.equal((await withdraw(manager, id)).status, 204)
  t.equal((await withdraw(manager, id)).status, 204, 'again changes nothing')
  t.match(await auditOf(id), [
    { action: 'invitation.create' },
    { action: 'invitation.withdraw', actorId: manager.id },
  ])
  t.notOk((await pending()).some((one: { id: string }) => one.id === id))
})
