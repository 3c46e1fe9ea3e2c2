import t, { type Test } from 'tap'
import {
  type Client,
  connect,
  connectToDashboards,
  type DashboardClient,
  next,
  openKitchen,
  startFleet,
  tokenFor,
} from './fixture.ts'

const fleet = await startFleet(t)
const { primary: db } = fleet.database
const gateway = await fleet.gateway()
const rest = await fleet.orders()
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen
const admin = tokenFor({ ...kitchen.customer, role: 'admin' })

/** A member of the cafeteria, with a token as a login at this moment gives one. */
async function addMember(role: 'staff' | 'manager') {
  const { customer } = await openKitchen(fleet.database)
  await db.insertInto('memberships').values({ userId: customer.userId, cafeteriaId, role }).execute()
  const rolesVersion = await rolesVersionOf(customer.userId)
  const token = tokenFor({ ...customer, role, memberships: { [cafeteriaId]: role }, rolesVersion })
  return { ...customer, token }
}
async function rolesVersionOf(userId: string): Promise<number> {
  const user = db.selectFrom('users').select('rolesVersion').where('id', '=', userId)
  return (await user.executeTakeFirstOrThrow()).rolesVersion
}

async function change(method: 'PATCH' | 'DELETE', userId: string, role?: string): Promise<void> {
  const response = await fetch(`${rest.url}/v1/cafeterias/${cafeteriaId}/members/${userId}`, {
    method,
    headers: { authorization: `Bearer ${admin}`, ...(role && { 'content-type': 'application/json' }) },
    ...(role && { body: JSON.stringify({ role }) }),
  })
  if (!response.ok) throw new Error(`${method} answered ${response.status} ${await response.text()}`)
}

/** Checks that a socket is sent away because of its token, and that this token is refused by gateways old and new. */
async function isSentAway(t: Test, socket: Client | DashboardClient, token: string): Promise<void> {
  const disconnected = next(socket, 'disconnect')
  t.same(await next(socket, 'connection:closing'), { code: 'access_token_expired' })
  t.equal(await disconnected, 'io server disconnect')
  const later = await fleet.gateway()
  for (const { url } of [gateway, later]) {
    const refused = next<Error & { data: unknown }>(connect(t, url, token), 'connect_error')
    t.match(await refused, { data: { code: 'access_token_expired' } })
  }
}

async function open(t: Test, token: string): Promise<Client> {
  const socket = connect(t, gateway.url, token)
  await next(socket, 'connect')
  return socket
}

t.test(
  'who is removed from a cafeteria is sent away, and enters with a new token as a customer',
  async (t) => {
    const [member, colleague] = [await addMember('staff'), await addMember('staff')]
    const [socket, stays] = [await open(t, member.token), await open(t, colleague.token)]
    t.match(await socket.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), { ok: true })
    const checked = isSentAway(t, socket, member.token)
    await change('DELETE', member.userId)
    await checked
    const rolesVersion = await rolesVersionOf(member.userId)
    const again = await open(t, tokenFor({ userId: member.userId, rolesVersion }))
    t.same(await again.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), {
      ok: false,
      code: 'cafeteria_not_found',
    })
    t.match(await stays.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), { ok: true })
  },
)

t.test('a manager who becomes staff is sent away, and the dashboard with them', async (t) => {
  const member = await addMember('manager')
  const socket = connectToDashboards(t, gateway.url, member.token)
  t.match(await socket.emitWithAck('dashboard:subscribe', { cafeteriaId }), { ok: true })
  const checked = isSentAway(t, socket, member.token)
  await change('PATCH', member.userId, 'staff')
  await checked
  const memberships = { [cafeteriaId]: 'staff' } as const
  const rolesVersion = await rolesVersionOf(member.userId)
  const token = tokenFor({ userId: member.userId, role: 'staff', memberships, rolesVersion })
  const board = connectToDashboards(t, gateway.url, token)
  t.same(await board.emitWithAck('dashboard:subscribe', { cafeteriaId }), {
    ok: false,
    code: 'forbidden_role',
  })
  const again = await open(t, token)
  t.match(await again.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), { ok: true })
})

t.test(
  'a socket that tries to enter with the token while the role is taken away does not stay',
  async (t) => {
    const member = await addMember('staff')
    const attempts = Array.from({ length: 10 }, () => connect(t, gateway.url, member.token))
    const ends = Promise.all(
      attempts.map((socket) => Promise.race([next(socket, 'disconnect'), next(socket, 'connect_error')])),
    )
    await change('DELETE', member.userId)
    await ends
    t.notOk(attempts.some(({ connected }) => connected))
  },
)
