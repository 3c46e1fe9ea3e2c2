import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria } from '../builders.ts'
import { startEditingApp } from '../editing-app.ts'

const { db, send, admin } = await startEditingApp(t)
const minute = 60_000

/** Tomorrow's noon in UTC, which is where these cafeterias are. */
const noon =
  Math.ceil((Date.now() + 12 * 60 * minute) / (24 * 60 * minute)) * 24 * 60 * minute + 12 * 60 * minute
const date = new Date(noon).toISOString().slice(0, 10)

interface Slot {
  id: string
  startsAt: string
  endsAt: string
  capacityOrders: number
  remainingOrders: number
  available: boolean
}

async function openCafeteria(slotMinutes: number) {
  const { id } = await addCafeteria(db, { timeZone: 'UTC', slotMinutes, slotDays: 3 })
  return {
    id,
    slots: async (): Promise<Slot[]> =>
      (await send('GET', `/v1/cafeterias/${id}/slots?date=${date}`)).body.data,
    change: (changes: object) => send('PATCH', `/v1/cafeterias/${id}`, admin, changes),
    async reserve(minutesAfterNoon: number) {
      const { rows } = await sql<{ id: string }>`update pickup_slots set reserved_orders = 1
        where cafeteria_id = ${id} and starts_at = ${new Date(noon + minutesAfterNoon * minute).toISOString()} and not closed
        returning id`.execute(db)
      return rows[0]?.id
    },
  }
}

/** When slots begin and end within the hours around noon, in minutes from noon. */
function around(slots: Slot[], hours = 2) {
  const minutes = (at: string) => (Date.parse(at) - noon) / minute
  return slots
    .map(({ startsAt, endsAt }) => [minutes(startsAt), minutes(endsAt)] as const)
    .filter(([starts, ends]) => ends > 0 && starts < hours * 60)
}

/** Whether slots cover a day without a gap and without an overlap. */
const isWhole = (slots: Slot[]) =>
  slots.every(({ endsAt }, index) => endsAt === (slots[index + 1]?.startsAt ?? slots.at(-1)?.endsAt)) &&
  Date.parse(slots.at(-1)?.endsAt ?? '') - Date.parse(slots[0]?.startsAt ?? '') === 24 * 60 * minute

t.test('longer slots leave those with reservations and fill the time around them', async (t) => {
  const cafeteria = await openCafeteria(15)
  const first = await cafeteria.reserve(0)
  await cafeteria.reserve(75)
  t.equal((await cafeteria.change({ slotMinutes: 60 })).status, 200)
  const slots = await cafeteria.slots()
  t.same(around(slots), [
    [0, 15],
    [15, 60],
    [60, 75],
    [75, 90],
    [90, 120],
  ])
  t.ok(isWhole(slots))
  t.ok(slots.every(({ available }) => available))
  t.match(
    slots.find(({ id }) => id === first),
    { capacityOrders: 5, remainingOrders: 4 },
    'a quarter of an hour has a quarter of the capacity',
  )
  const ids = slots.map(({ id }) => id)
  await sql`select refresh_slots(${cafeteria.id})`.execute(db)
  t.same(
    (await cafeteria.slots()).map(({ id }) => id),
    ids,
    'the worker leaves it so',
  )
})

t.test('shorter slots do too, and what is given back is laid out anew', async (t) => {
  const cafeteria = await openCafeteria(60)
  const id = await cafeteria.reserve(0)
  await cafeteria.change({ slotMinutes: 20, slotCapacityOrders: 4 })
  const slots = await cafeteria.slots()
  t.same(around(slots), [
    [0, 60],
    [60, 80],
    [80, 100],
    [100, 120],
  ])
  t.ok(isWhole(slots))
  t.match(
    slots.find((slot) => slot.id === id),
    { capacityOrders: 12, remainingOrders: 11 },
  )
  await sql`update pickup_slots set reserved_orders = 0 where id = ${id}`.execute(db)
  t.equal(
    (await sql<{ changes: number }>`select refresh_slots(${cafeteria.id}) as changes`.execute(db)).rows[0]
      ?.changes,
    4,
  )
  t.same(around(await cafeteria.slots(), 1), [
    [0, 20],
    [20, 40],
    [40, 60],
  ])
})

t.test('capacity that is raised or lowered holds where something is reserved, below it too', async (t) => {
  const cafeteria = await openCafeteria(15)
  const id = await cafeteria.reserve(0)
  const slot = async () => (await cafeteria.slots()).find((found) => found.id === id)
  await cafeteria.change({ slotCapacityOrders: 30, slotCapacityMakeSeconds: 600 })
  t.match(await slot(), {
    capacityOrders: 30,
    remainingOrders: 29,
    remainingMakeSeconds: 600,
    available: true,
  })
  await cafeteria.change({ slotCapacityOrders: 1, slotCapacityMakeSeconds: null })
  t.match(await slot(), {
    capacityOrders: 1,
    remainingOrders: 0,
    remainingMakeSeconds: null,
    available: false,
  })
  await cafeteria.change({ slotCapacityOrders: 0 })
  t.match(await slot(), { capacityOrders: 0, remainingOrders: 0, reservedOrders: 1, available: false })
})

t.test('hours that end within a slot with reservations cut it, and longer ones fill the rest', async (t) => {
  const cafeteria = await openCafeteria(60)
  const id = await cafeteria.reserve(0)
  const everyDay = (closes: string) => ({
    opening: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes })),
  })
  await send('PUT', `/v1/cafeterias/${cafeteria.id}/hours`, admin, everyDay('12:30'))
  t.match((await cafeteria.slots()).at(-1), { id, reservedOrders: 1, capacityOrders: 10 })
  t.same(around(await cafeteria.slots()), [[0, 30]])
  await send('PUT', `/v1/cafeterias/${cafeteria.id}/hours`, admin, everyDay('24:00'))
  t.same(around(await cafeteria.slots()), [
    [0, 30],
    [30, 60],
    [60, 120],
  ])
})

t.test('slots that the worker opened further ahead than a week follow too', async (t) => {
  const cafeteria = await openCafeteria(60)
  await sql`select refresh_slots(${cafeteria.id}, 20)`.execute(db)
  const lengths = async () => {
    const { rows } = await sql<{ length: string; days: number }>`
      select (ends_at - starts_at)::text as length, count(distinct starts_at::date)::integer as days from pickup_slots
      where cafeteria_id = ${cafeteria.id} and not closed and starts_at >= ${new Date(noon).toISOString()} group by 1`.execute(
      db,
    )
    return rows
  }
  const before = await lengths()
  t.match(before, [{ length: '01:00:00' }])
  await cafeteria.change({ slotMinutes: 30 })
  t.same(await lengths(), [{ length: '00:30:00', days: before[0]?.days }])
})

t.test('an order that takes a place meanwhile keeps its slot', async (t) => {
  const cafeteria = await openCafeteria(15)
  await sql`update cafeterias set slot_minutes = 60 where id = ${cafeteria.id}`.execute(db)
  const order = await db.startTransaction().execute()
  const { rows } = await sql<{ id: string }>`update pickup_slots set reserved_orders = 1
    where cafeteria_id = ${cafeteria.id} and starts_at = ${new Date(noon + 15 * minute).toISOString()} returning id`.execute(
    order,
  )
  const refreshed = sql`select refresh_slots(${cafeteria.id})`.execute(db)
  const waiting = async () => {
    const { rows } = await sql<{ waiting: boolean }>`select exists (
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waiting`.execute(
      db,
    )
    return rows[0]?.waiting
  }
  while (!(await waiting())) await new Promise((resolve) => setTimeout(resolve, 20))
  await order.commit().execute()
  await refreshed
  const slots = await cafeteria.slots()
  t.match(
    slots.find(({ id }) => id === rows[0]?.id),
    { reservedOrders: 1, available: true },
  )
  t.same(around(slots), [
    [0, 15],
    [15, 30],
    [30, 60],
    [60, 120],
  ])
  t.ok(isWhole(slots))
})
