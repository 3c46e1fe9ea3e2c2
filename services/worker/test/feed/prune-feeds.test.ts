import { randomUUID } from 'node:crypto'
import { relayEvents } from '@comanda/events/relay'
import { sql } from 'kysely'
import t from 'tap'
import { pruneFeedsJob } from '#src/feed/prune-feeds.job.ts'
import { jobContext, openDatabase } from '../fixture.ts'
import { appendEvent, soundFeed, summariseFeed, writeLives } from './writers.ts'

const never = new AbortController().signal

/** Adds numbered events, each as many days old as `days` says. */
async function addHistory(db: Parameters<typeof relayEvents>[0], cafeteriaId: string, days: number[]) {
  await sql`insert into events (order_id, cafeteria_id, version, type, actor_role, at)
    select uuidv7(), ${cafeteriaId}, 1, 'order.placed', 'system', now() - make_interval(days => d)
    from unnest(${days}::integer[]) d`.execute(db)
  const last = async () =>
    (await db.selectFrom('feedHeads').selectAll().where('cafeteriaId', '=', cafeteriaId).executeTakeFirst())
      ?.seq
  while ((await last()) !== days.length) await relayEvents(db, 5000)
}

t.test('what is old is deleted from the feeds in batches, and nothing else', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const db = owner.primary
  const [busy, quiet, young] = [randomUUID(), randomUUID(), randomUUID()]
  // An old entry after a young one stays, because numbers have no gaps.
  await addHistory(db, busy, [...Array<number>(1200).fill(40), 1, 40, 0])
  await addHistory(db, quiet, [50, 40, 31])
  await addHistory(db, young, [29, 0])
  const job = pruneFeedsJob({ database, metrics, days: 30 })
  let batches = 0
  while (await job.run(never)) batches += 1
  t.equal(batches, 4, 'three of the busy cafeteria and one of the quiet')
  const { rows } =
    await sql`select h.cafeteria_id, h.first_seq, h.seq, array_agg(f.seq order by f.seq) as kept
    from feed_heads h left join feed f using (cafeteria_id) group by h.cafeteria_id`.execute(db)
  const heads = new Map(rows.map((row: any) => [row.cafeteriaId, row]))
  t.match(heads.get(busy), { firstSeq: 1201, seq: 1203, kept: ['1201', '1202', '1203'] })
  t.match(heads.get(quiet), { firstSeq: 4, seq: 3, kept: [null] })
  t.match(heads.get(young), { firstSeq: 1, seq: 2, kept: ['1', '2'] })
  t.equal((await summariseFeed(owner)).events, 1208, 'the history of orders is whole')
  t.match(await metrics.registry.metrics(), /^feed_entries_pruned_total 1203$/m)

  await appendEvent(db, { orderId: randomUUID(), cafeteriaId: quiet, version: 1 })
  while ((await relayEvents(db, 10)).numbered === 0);
  const next = await db.selectFrom('feed').select('seq').where('cafeteriaId', '=', quiet).execute()
  t.strictSame(next, [{ seq: 4 }], 'no number is given twice')
})

t.test('numbers go on where they were, while old ones are deleted', async (t) => {
  const { database, owner } = await openDatabase(t, { poolMax: 25 })
  const { metrics } = await jobContext()
  const db = owner.primary
  const cafeteriaIds = [randomUUID(), randomUUID()]
  for (const cafeteriaId of cafeteriaIds) await addHistory(db, cafeteriaId, Array<number>(1500).fill(40))
  const jobs = [1, 2].map(() => pruneFeedsJob({ database, metrics, days: 30 }))
  let writing = true
  const pruning = jobs.map(async (job) => {
    while (writing) await job.run(never)
  })
  const sequencing = (async () => {
    while (writing) await relayEvents(db, 500)
  })()
  await writeLives(owner, { cafeteriaIds, writers: 10, orders: 40 })
  writing = false
  await Promise.all([...pruning, sequencing])
  while ((await summariseFeed(owner)).numbered < 200) await relayEvents(db, 500)
  for (const job of jobs) while (await job.run(never));
  const { rows } = await sql`select first_seq,
    seq - (select count(*) from feed where cafeteria_id = h.cafeteria_id) as gone from feed_heads h`.execute(
    db,
  )
  const pruned = { firstSeq: 1501, gone: 1500 }
  t.same(rows, [pruned, pruned])
  t.match(await summariseFeed(owner), { ...soundFeed(200), events: 3200, gaps: 200 })
})
