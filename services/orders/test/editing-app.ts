import type { Test } from 'tap'
import { startTestApp } from './app.ts'
import { addCafeteria, addCampus, addUser, type TestUser } from './builders.ts'

/** Starts the orders API over a campus and a second cafeteria, with what tests of editing share. */
export async function startEditingApp(t: Test, env: Record<string, string> = {}) {
  const { app, database, call, as, statements } = await startTestApp(t, env)
  const db = database.primary
  const campus = await addCampus(db)
  const elsewhere = await addCafeteria(db, { slotDays: null })
  const stranger = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })
  const send = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    who?: TestUser,
    payload?: object,
  ) =>
    call({
      method,
      url,
      ...(who && { headers: as(who.caller) }),
      ...(payload && { payload }),
    })
  await app.ready()
  statements.length = 0
  return {
    app,
    db,
    statements,
    ...campus,
    elsewhere,
    /** A manager of `elsewhere` without a role at `cafeteria`. */
    stranger,
    send,
    /** The audit entries about a subject, oldest first. */
    auditOf: (subjectId: string) =>
      db
        .selectFrom('auditLog')
        .select(['action', 'actorId', 'subjectType', 'before', 'after', 'requestId'])
        .where('subjectId', '=', subjectId)
        .orderBy('id')
        .execute(),
    /** Asserts that a write is refused to those who may not do it, and that nothing is recorded. */
    async refusesOthers(
      t: Test,
      write: (who?: TestUser) => ReturnType<typeof send>,
      { notFound, staffMay = false }: { notFound: string; staffMay?: boolean },
    ) {
      const entries = async () =>
        (
          await db
            .selectFrom('auditLog')
            .select((eb) => eb.fn.countAll<number>().as('n'))
            .executeTakeFirst()
        )?.n
      const before = await entries()
      t.match(await write(), { status: 401, body: { code: 'access_token_missing' } })
      t.match(await write(campus.customer), { status: 403, body: { code: 'forbidden_role' } })
      if (!staffMay) t.match(await write(campus.staff), { status: 403, body: { code: 'forbidden_role' } })
      t.match(await write(stranger), { status: 404, body: { code: notFound } }, 'as if it were not there')
      t.equal(await entries(), before, 'nothing is recorded')
    },
  }
}

export const unknownId = '01900000-0000-7000-8000-000000000000'
