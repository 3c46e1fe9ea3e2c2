import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@comanda/database'
import { sql } from 'kysely'
import t from 'tap'
import type { HandlingConsumer } from '#src/consumers/consumer.ts'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { writeLives } from '../feed/writers.ts'
import { jobContext, openDatabase } from '../fixture.ts'

const never = new AbortController().signal

/** Writes a row for each event, and now and then fails before or after: by an error, or because its connection is cut. */
function countEvents(calamities: { errors: number; cuts: number }): HandlingConsumer {
  return {
    name: 'effects',
    job: 'write-effects',
    from: 'beginning',
    leastSeconds: 0,
    async handle(events, tx) {
      const half = Math.floor(events.length / 2)
      for (const part of [events.slice(0, half), events.slice(half)]) {
        await comeToGrief()
        const ids = part.map(({ id }) => id)
        await sql`insert into effects (event_id) select unnest(${ids}::bigint[])`.execute(tx)
      }
      await comeToGrief()

      async function comeToGrief() {
        await wait(Math.random() * 4)
        const luck = Math.random()
        if (luck < 0.15) {
          calamities.errors += 1
          throw new Error('aborted in the middle')
        }
        if (luck < 0.25) {
          calamities.cuts += 1
          await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
        }
      }
    },
  }
}

async function summariseEffects({ primary: db }: Database) {
  const { rows } = await sql<{ events: number; effects: number; distinct: number; unordered: number }>`
    select (select count(*) from events) as events, count(*) as effects, count(distinct event_id) as distinct,
      count(*) filter (where (xid, event_id) < (before_xid, before_id)) as unordered
    from (
      select f.event_id, e.xid, lag(e.xid) over w as before_xid, lag(e.id) over w as before_id
      from effects f join events e on e.id = f.event_id window w as (order by f.number)
    ) f`.execute(db)
  return rows[0] as (typeof rows)[number]
}

t.test(
  'workers that compete for a consumer and are aborted in the middle: each event has its effect once, in order',
  async (t) => {
    const { database, owner } = await openDatabase(t, { poolMax: 30 })
    const { metrics } = await jobContext()
    await sql`create table effects (number bigint generated always as identity, event_id bigint not null)`.execute(
      owner.primary,
    )
    await sql`grant insert on effects to comanda_worker`.execute(owner.primary)
    const calamities = { errors: 0, cuts: 0 }
    let atWork = true
    const workers = Array.from({ length: 4 }, async () => {
      const job = consumerJob(countEvents(calamities), { database, metrics })
      while (atWork) {
        await job.run(never).catch(() => {})
        await wait(Math.random() * 3)
      }
    })
    while (calamities.errors < 3 || calamities.cuts < 3) {
      await writeLives(owner, { cafeteriaIds: [randomUUID()], writers: 10, orders: 10 })
    }
    const { events } = await summariseEffects(owner)
    while ((await summariseEffects(owner)).distinct < events) await wait(20)
    atWork = false
    await Promise.all(workers)
    t.strictSame(await summariseEffects(owner), {
      events,
      effects: events,
      distinct: events,
      unordered: 0,
    })
  },
)
