import { setTimeout as wait } from 'node:timers/promises'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Phone, Screen } from '../rush/watchers.ts'

export interface Watched {
  db: Kysely<Schema>
  phones: readonly Phone[]
  screens: readonly Screen[]
}

const patienceMilliseconds = 10_000

/** Milliseconds until every phone and screen shows what the database has now. @throws which does not, after ten seconds */
export async function untilAllShow({ db, phones, screens }: Watched): Promise<number> {
  const orders = await db.selectFrom('orders').select(['id', 'cafeteriaId', 'version']).execute()
  const versions = new Map(orders.map(({ id, version }) => [id, version]))
  const at = performance.now()

  function findStale(): string | null {
    for (const phone of phones)
      for (const id of phone.orderIds)
        if (phone.versionOf(id) < (versions.get(id) ?? 0))
          return `${phone.about()} does not show ${id} as it is`
    for (const screen of screens)
      for (const { id, cafeteriaId, version } of orders)
        if (cafeteriaId === screen.cafeteriaId && screen.versionOf(id) < version)
          return `${screen.about()} does not show ${id} as it is`
    return null
  }

  for (;;) {
    const stale = findStale()
    const milliseconds = Math.round(performance.now() - at)
    if (stale === null) return milliseconds
    if (milliseconds > patienceMilliseconds)
      throw new Error(`${stale}, ${milliseconds} ms after the last request`)
    await wait(50)
  }
}

/** @throws unless every order and move that somebody was told of is there, and no order that nobody was told of */
export async function checkNothingLost(
  db: Kysely<Schema>,
  acknowledged: ReadonlyMap<string, number>,
): Promise<void> {
  const orders = await db.selectFrom('orders').select(['id', 'version']).execute()
  const versions = new Map(orders.map(({ id, version }) => [id, version]))
  for (const [id, version] of acknowledged)
    if ((versions.get(id) ?? 0) < version)
      throw new Error(`version ${version} of ${id} was acknowledged and is lost`)
  if (versions.size !== acknowledged.size)
    throw new Error(`${acknowledged.size} orders were acknowledged, and there are ${versions.size}`)
}

/** @throws when a screen shows what never was, or was not told every event of its kitchen once and in order */
export async function checkScreens({ db, screens }: Watched): Promise<void> {
  const orders = await db.selectFrom('orders').select(['id', 'cafeteriaId', 'version']).execute()
  for (const { cafeteriaId, versionOf, numbers } of screens) {
    for (const { id, version } of orders.filter((order) => order.cafeteriaId === cafeteriaId))
      if (versionOf(id) !== version) throw new Error(`a screen shows ${id} as it never was`)
    const gap = numbers.findIndex((seq, index) => index > 0 && seq !== (numbers[index - 1] ?? 0) + 1)
    if (gap > 0) throw new Error(`a screen was told ${numbers[gap]} after ${numbers[gap - 1]}`)
    if (numbers.length === 0) throw new Error('a screen was told nothing')
  }
}

/** How many events there are. @throws unless each has one number, without gaps and in the order of its order */
export async function checkFeed(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ events: number; numbered: number; wrong: number }>`
    select (select count(*) from events where version is not null)::int as events, count(*)::int as numbered,
      count(*) filter (where f.seq <> f.place or e.version <> f.version)::int as wrong
    from (
      select f.seq, f.event_id, row_number() over (partition by f.cafeteria_id order by f.seq) as place,
        row_number() over (partition by e.order_id order by f.seq) as version
      from feed f join events e on e.id = f.event_id
    ) f join events e on e.id = f.event_id`.execute(db)
  const { events, numbered, wrong } = rows[0] as { events: number; numbered: number; wrong: number }
  if (numbered !== events || wrong > 0)
    throw new Error(`of ${events} events ${numbered} are numbered, ${wrong} wrongly`)
  return events
}

/** @throws when a wallet, a payment or a refund is not what its entries say */
export async function checkMoney(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql`select * from check_balances()`.execute(db)
  if (rows.length > 0) throw new Error(`the money does not add up: ${JSON.stringify(rows.slice(0, 3))}`)
}
