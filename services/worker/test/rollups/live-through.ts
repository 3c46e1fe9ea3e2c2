import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database, Schema } from '@comanda/database'
import { type ControlledTransaction, type Kysely, sql } from 'kysely'
import { rollUp } from '#src/rollups/rollups.repository.ts'
import type { Act, RandomDays } from './random-days.ts'
import { type Cast, listSteps, type Step } from './steps.ts'

/** How often each calamity came about. */
export interface Calamities {
  aborted: number
  killed: number
  held: number
  overtaken: number
  late: number
}

/** Lives through a day, on cafeterias of its own, and rolls up at random moments with random fortune. Returns the cafeterias. */
export async function liveThrough(
  { owner: { primary: db }, database: { primary: worker } }: Record<'owner' | 'database', Database>,
  day: RandomDays,
  calamities: Calamities = { aborted: 0, killed: 0, held: 0, overtaken: 0, late: 0 },
): Promise<string[]> {
  const cast: Cast = {
    cafeteriaIds: await Promise.all(day.zones.map((zone) => openCafeteria(db, zone))),
    userIds: [randomUUID(), randomUUID(), randomUUID()],
    productIds: [randomUUID(), randomUUID(), randomUUID(), randomUUID()],
  }
  const morning = Date.parse(day.morning)
  const moves = day.moves.toSorted((a, b) => b.after - a.after)
  const steps = listSteps(day, cast)
  /** A transaction that began before what was committed since, and is still to commit. */
  const held: { tx?: ControlledTransaction<Schema> } = {}

  while (steps.length > 0) {
    const step = steps.shift() as Step
    // What happened before a change of zone may be committed after it, and not the other way round.
    while (moves.length > 0 && morning + (moves.at(-1)?.after as number) < step.committedAt)
      await changeZone(
        db,
        cast.cafeteriaIds[0] as string,
        morning,
        moves.pop() as RandomDays['moves'][number],
      )
    if (step.committedAt > Date.parse(step.at) + 1) calamities.late += 1
    const next = steps.findIndex(({ order, version }) => order === step.order && version !== null)
    if (step.version !== null && steps[next]?.overtakes && steps[next].committedAt === step.committedAt) {
      calamities.overtaken += 1
      await commitOvertaken(db, step, steps.splice(next, 1)[0] as Step)
    } else await append(step.version === null ? (held.tx ?? db) : db, step)
    await perform(step.act)
  }
  await held.tx?.commit().execute()
  return cast.cafeteriaIds

  async function perform({ what, limit, afterMilliseconds }: Act) {
    if (what === 'roll up') await rollUp(worker, limit)
    if (what === 'abort') {
      await worker
        .transaction()
        .execute(async (tx) => {
          calamities.aborted += Math.sign((await rollUp(tx, limit)).events)
          throw new Error('aborted')
        })
        .catch(() => {})
    }
    if (what === 'kill') calamities.killed += await killAtWork(worker, limit, afterMilliseconds)
    if (what === 'hold') {
      await held.tx?.commit().execute()
      held.tx = await db.startTransaction().execute()
      await sql`select pg_current_xact_id()`.execute(held.tx)
      calamities.held += 1
    }
  }
}

async function openCafeteria(db: Kysely<Schema>, zone: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into cafeterias (slug, name, time_zone, currency)
    values (${randomUUID()}, 'Kitchen', ${zone}, 'EUR') returning id`.execute(db)
  return rows[0]?.id as string
}

async function changeZone(
  db: Kysely<Schema>,
  cafeteriaId: string,
  morning: number,
  { after, zone }: RandomDays['moves'][number],
) {
  await sql`insert into cafeteria_time_zones (cafeteria_id, since, time_zone)
    values (${cafeteriaId}, ${new Date(morning + after).toISOString()}, ${zone}) on conflict do nothing`.execute(
    db,
  )
}

/** Appends two moves of an order whose transactions began in the other order. */
async function commitOvertaken(db: Kysely<Schema>, first: Step, second: Step) {
  const later = await db.startTransaction().execute()
  await sql`select pg_current_xact_id()`.execute(later)
  await append(db, first)
  await append(later, second)
  await later.commit().execute()
}

/** Has the server end the connection on which roll_up runs, or has just run. Returns 1 when its transaction was lost. */
async function killAtWork(db: Kysely<Schema>, limit: number, afterMilliseconds: number): Promise<0 | 1> {
  return db
    .transaction()
    .execute(async (tx): Promise<0> => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      const work = rollUp(tx, limit)
      work.catch(() => {})
      await wait(afterMilliseconds)
      await sql`select pg_terminate_backend(${rows[0]?.pid}, 10000)`.execute(db)
      await work
      return 0
    })
    .catch(() => 1)
}

async function append(db: Kysely<Schema>, { order, type, version, at, data }: Step) {
  const { id, cafeteriaId, userId, lines } = order
  if (version === 1)
    await sql`
      with bought as (
        insert into orders (id, cafeteria_id, user_id, slot_id, status, total_cents, currency, make_seconds, payment_method,
          pickup_kind, pickup_at, pickup_until, promised_at, pickup_date, pickup_code,
          number, created_at, items)
        values (${id}, ${cafeteriaId}, ${userId}, ${randomUUID()}, 'placed', ${order.totalCents}, 'EUR', 60, ${order.method},
          ${order.pickupKind}, ${order.promisedAt}, ${order.promisedAt}, ${order.promisedAt}, '2026-01-01', 'CODE',
          ${order.number},
          ${order.createdAt}, '[]')
      )
      insert into order_items (order_id, position, product_id, name, quantity, unit_price_cents, modifiers, stock_taken)
      select ${id}, position, (line ->> 'productId')::uuid, 'Something', (line ->> 'quantity')::integer,
        (line ->> 'unitPriceCents')::integer, '[]', false
      from jsonb_array_elements(${JSON.stringify(lines)}::jsonb) with ordinality lines (line, position)`.execute(
      db,
    )
  await sql`insert into events (type, cafeteria_id, order_id, version, actor_role, data, at)
    values (${type}, ${cafeteriaId}, ${id}, ${version}, 'system', ${data && JSON.stringify(data)}, ${at})`.execute(
    db,
  )
}
