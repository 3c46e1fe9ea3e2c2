import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Resolves to the number of order events. @throws unless each has one sequence number, without gaps and in the order of its order */
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
