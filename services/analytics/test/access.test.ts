import { randomUUID } from 'node:crypto'
import { createAccessTokens } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from './app.ts'
import { openKitchen } from './kitchen.ts'
import { paths, reportPaths } from './operations.ts'

const { app, call, as, owner, rollUp } = await startTestApp(t)
const allPaths = (id: string) => ({ ...paths(id), ...reportPaths(id) })
const { cafeteriaId } = await openKitchen(owner)
const { cafeteriaId: elsewhere } = await openKitchen(owner)
await rollUp()

const member = (role: 'staff' | 'manager', ...ids: string[]) =>
  as({ userId: randomUUID(), role, memberships: Object.fromEntries(ids.map((id) => [id, role])) })
const admin = as({ userId: randomUUID(), role: 'admin' })
const stranger = createAccessTokens({ secret: 'another key than that of the service' })

t.test('managers of a cafeteria and administrators see its numbers, and nobody else', async (t) => {
  const callers = {
    nobody: [{}, 401, 'access_token_missing'],
    'a forged token': [
      {
        authorization: `Bearer ${stranger.sign({ userId: randomUUID(), sessionId: 's', role: 'admin', memberships: {} })}`,
      },
      401,
      'access_token_invalid',
    ],
    'a customer': [as({ userId: randomUUID() }), 403, 'forbidden_role'],
    'its staff': [member('staff', cafeteriaId), 403, 'forbidden_role'],
    'a manager of another': [member('manager', elsewhere), 404, 'cafeteria_not_found'],
    'its manager': [member('manager', cafeteriaId), 200, undefined],
    'an administrator': [admin, 200, undefined],
  } as const
  for (const [operation, url] of Object.entries(allPaths(cafeteriaId)))
    for (const [who, [headers, status, code]] of Object.entries(callers)) {
      const answer = await call({ url, headers })
      t.match({ status: answer.status, code: answer.body.code }, { status, code }, `${who} and ${operation}`)
    }
})

t.test('every operation is in the table above', async (t) => {
  await app.ready()
  const operations = Object.values(app.openapi().paths).map((path) => path['get']?.operationId ?? '')
  t.same(
    operations.filter((id) => !/Health|Liveness|Readiness/.test(id)).toSorted(),
    Object.keys(allPaths(cafeteriaId)).toSorted(),
  )
})

t.test('a cafeteria that does not exist is not found, and an id that is none is named', async (t) => {
  for (const [operation, url] of Object.entries(allPaths(randomUUID()))) {
    const { status, body } = await call({ url, headers: admin })
    if (operation === 'getOverview') t.match({ status, body }, { status: 200, body: { data: [] } })
    else t.match({ status, body }, { status: 404, body: { code: 'cafeteria_not_found' } }, operation)
  }
  const url = `/v1/analytics/cafeterias/${cafeteriaId.toUpperCase()}/summary`
  t.equal((await call({ url, headers: member('manager', cafeteriaId) })).status, 200, 'ids have no case')
  const bad = await call({
    url: '/v1/analytics/cafeterias/x/summary',
    headers: member('manager', cafeteriaId),
  })
  t.match(bad, { status: 400, body: { code: 'validation_failed', errors: [{ field: 'cafeteriaId' }] } })
  await owner.updateTable('cafeterias').set({ deletedAt: sql`now()` }).where('id', '=', elsewhere).execute()
  await rollUp()
  t.equal((await call({ url: `/v1/analytics/cafeterias/${elsewhere}/summary`, headers: admin })).status, 404)
})

t.test('several cafeterias: those that are named, or all that the caller manages', async (t) => {
  const { cafeteriaId: other } = await openKitchen(owner)
  await rollUp()
  const seenBy = async (headers: object, ids?: string[]) => {
    const query = ids === undefined ? '' : `?cafeteriaIds=${ids.join(',')}`
    const { status, body } = await call({ url: `/v1/analytics/dashboard${query}`, headers: { ...headers } })
    return status === 200 ? body.data.map((one: any) => one.cafeteriaId).toSorted() : status
  }
  const both = [cafeteriaId, other].toSorted()
  t.same(await seenBy(admin), both)
  t.same(await seenBy(admin, [other]), [other])
  t.same(await seenBy(member('manager', other)), [other])
  t.same(await seenBy(member('manager', cafeteriaId, other)), both)
  t.same(await seenBy(member('manager', cafeteriaId, other), both), both)
  t.equal(await seenBy(member('manager', other), both), 404, 'one that is another’s')
  t.same(await seenBy(member('manager', other), ['x']), 400)
})

t.test('an ended session and changed roles are refused, as a replica tells', async (t) => {
  const userId = randomUUID()
  const sessionId = randomUUID()
  await sql`insert into users (id, email, name, password_hash) values (${userId}, ${`${userId}@comanda.test`}, 'A', 'none')`.execute(
    owner,
  )
  await sql`insert into sessions (id, user_id, expires_at) values (${sessionId}, ${userId}, now() + interval '1 day')`.execute(
    owner,
  )
  const headers = as({ userId, sessionId, role: 'manager', memberships: { [cafeteriaId]: 'manager' } })
  const read = () => call({ url: `/v1/analytics/cafeterias/${cafeteriaId}/summary`, headers })
  t.equal((await read()).status, 200)
  await owner.updateTable('sessions').set({ revokedAt: sql`now()` }).where('id', '=', sessionId).execute()
  let answer = await read()
  while (answer.status === 200) answer = await read()
  t.match(answer, { status: 401, body: { code: 'session_revoked' } })
})
