import type { Test } from 'tap'
import { startTestApp } from '../app.ts'
import { addCampus, type TestUser } from '../builders.ts'

type Headers = Record<string, string>

/** Starts the orders API over one campus, with what people do with invitations of its cafeteria. */
export async function startInvitationsApp(t: Test) {
  const test = await startTestApp(t)
  const { call, as, database } = test
  const db = database.primary
  const { cafeteria, manager, admin } = await addCampus(db)
  const invite = async (
    email: string,
    { role = 'staff', by = manager }: { role?: string; by?: TestUser } = {},
  ) => {
    const url = `/v1/cafeterias/${cafeteria.id}/invitations`
    const { status, body } = await call({
      method: 'POST',
      url,
      headers: as(by.caller),
      body: { email, role },
    })
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
  return { test, call, as, db, cafeteria, manager, admin, invite, own, accept, decline, withdraw, roleOf }
}

/** The refusal to answer an invitation that is over. */
export const closedAs = (invitationStatus: string) => ({
  status: 409,
  body: { code: 'invitation_closed', invitationStatus },
})
