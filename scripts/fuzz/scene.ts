import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../libs/database/src/index.ts'
import { exampleCalls } from '../../services/orders/test/access/example-calls.ts'
import { addCafeteria, addUser } from '../../services/orders/test/builders.ts'
import { exampleWebhook, type FuzzExample } from './example-webhook.ts'
import { examplesOfAnalytics } from './examples-of-analytics.ts'
import type { FuzzedFleet } from './fleet.ts'

/** Who calls: the role at the cafeteria of the scene; nobody has no token. */
export type FuzzRole = 'admin' | 'manager' | 'staff' | 'customer' | 'nobody'

/** A cafeteria with a person in the role, made for them alone: what the fuzzer destroys is replaced by another scene. */
export interface Scene {
  /** Null for nobody. */
  token: string | null
  /** Ids that exist, by the names of the members and parameters that hold them. */
  ids: Record<string, string[]>
  /** @returns a call that succeeds for whoever may make it, each time another one; `{}` when nothing is needed for that */
  example: (operationId: string) => Promise<FuzzExample>
}

/** As much as no run spends. */
const balanceCents = 1_000_000_000

/** Makes a scene and logs its person in, as a phone would. */
export async function openScene(
  fleet: FuzzedFleet,
  role: FuzzRole,
  account: { password: string; passwordHash: string },
): Promise<Scene> {
  const { password, passwordHash } = account
  const db = fleet.database.primary
  const { id: cafeteriaId } = await addCafeteria(db)
  const person = await addUser(db, {
    passwordHash,
    balanceCents,
    isAdmin: role === 'admin',
    memberships: role === 'manager' || role === 'staff' ? { [cafeteriaId]: role } : {},
  })
  const customer = role === 'customer' ? person : await addUser(db, { passwordHash, balanceCents })
  const examples: Record<string, () => FuzzExample | Promise<FuzzExample>> = {
    ...exampleCalls({ database: fleet.database, cafeteriaId, customer, password }),
    ...examplesOfAnalytics(cafeteriaId),
    receiveProviderWebhook: () => exampleWebhook(fleet.webhookSecret),
  }
  const example = async (operationId: string) => (await examples[operationId]?.()) ?? {}
  const token = role === 'nobody' ? null : await logIn(fleet.urls.orders, person.email, password)
  // Each of these leaves what it needs in the cafeteria.
  for (const operation of ['updateMealtime', 'updateModifierGroup', 'setAvailability', 'getOrder'])
    await example(operation)
  await untilReplayed(fleet.database)
  return { token, ids: { ...(await idsAt(db, cafeteriaId)), userId: [person.id, customer.id] }, example }
}

/** Analytics knows a cafeteria when its standby does. */
async function untilReplayed({ primary, nodes }: FuzzedFleet['database']): Promise<void> {
  const { rows } = await sql<{ position: number }>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as position`.execute(primary)
  for (const node of nodes)
    if ('waitForReplay' in node) await node.waitForReplay(rows[0]?.position ?? 0, 60_000)
}

async function logIn(url: string, email: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`logging in was answered ${answer.status}: ${text}`)
  return (JSON.parse(text) as { accessToken: string }).accessToken
}

async function idsAt(db: Kysely<Schema>, cafeteriaId: string): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ ids: Record<string, string[]> }>`
    select json_build_object(
      'cafeteriaId', json_build_array(${cafeteriaId}::uuid),
      'categoryId', array(select id from categories where cafeteria_id = ${cafeteriaId}),
      'productId', array(select id from products where cafeteria_id = ${cafeteriaId}),
      'mealtimeId', array(select id from mealtimes where cafeteria_id = ${cafeteriaId}),
      'modifierGroupId', array(select id from modifier_groups where cafeteria_id = ${cafeteriaId}),
      'modifierId', array(select m.id from modifiers m join modifier_groups g on g.id = m.group_id where g.cafeteria_id = ${cafeteriaId}),
      'slotId', array(select id from pickup_slots where cafeteria_id = ${cafeteriaId} and starts_at > now() + interval '1 hour' order by starts_at limit 20),
      'orderId', array(select id from orders where cafeteria_id = ${cafeteriaId})
    ) as ids`.execute(db)
  return rows[0]?.ids ?? {}
}
