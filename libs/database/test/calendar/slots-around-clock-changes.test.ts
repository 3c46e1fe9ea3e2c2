import { sql } from 'kysely'
import t from 'tap'
import { openDatabase } from '../open-database.ts'
import { findClockChanges, readClocks } from './clock-changes.ts'

/** Hours of every day, with the length of slots. Clocks change between 22:00 and 04:00, so this is where they begin and end. */
const calendars: { slotMinutes: number; hours: [opens: string, closes: string][] }[] = [
  { slotMinutes: 60, hours: [['00:00', '24:00']] },
  {
    slotMinutes: 15,
    hours: [
      ['22:00', '24:00'],
      ['00:00', '02:00'],
    ],
  },
  { slotMinutes: 30, hours: [['21:45', '02:15']] },
  {
    slotMinutes: 20,
    hours: [
      ['00:30', '01:30'],
      ['02:30', '05:00'],
    ],
  },
  {
    slotMinutes: 30,
    hours: [
      ['01:00', '02:30'],
      ['02:30', '03:15'],
      ['23:30', '00:30'],
    ],
  },
  {
    slotMinutes: 5,
    hours: [
      ['23:00', '00:00'],
      ['02:15', '02:45'],
      ['03:00', '03:30'],
    ],
  },
]

const { database } = await openDatabase(t, { statementMilliseconds: 120_000 })
const db = database.primary
await findClockChanges(db)
// What the functions know of a zone is its rules, so one zone of those with the same rules stands for all of them.
await readClocks(db, { oneZonePerRules: true, minutes: 180 })

for (const [index, { slotMinutes, hours }] of calendars.entries()) {
  await sql`
    insert into cafeterias (slug, name, time_zone, currency, slot_minutes)
    select ${`c${index}-`} || row_number() over (), zone, zone, 'XXX', ${slotMinutes}
    from (select distinct zone from clocks) z`.execute(db)
  await sql`
    insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
    select id, kind, weekday, (hours ->> 0)::time, (hours ->> 1)::time
    from cafeterias
    cross join unnest(array['opening', 'ordering']) kind
    cross join generate_series(1, 7) weekday
    cross join jsonb_array_elements(${JSON.stringify(hours)}::jsonb) hours
    where slug like ${`c${index}-%`}`.execute(db)
}

// What is right is found by the clock, minute by minute, without the functions that are tested.
await sql`
  create table minutes as
  select c.id as cafeteria_id, k.zone, k.change, k.minute, k.shown, exists (
    select from opening_hours h cross join generate_series(0, 1) ago
    where h.cafeteria_id = c.id and h.kind = 'opening' and h.weekday = 1
      and shown::date - ago + h.opens <= shown
      and shown < shown::date - ago + h.closes + case when h.closes < h.opens then interval '1 day' else interval '0' end
  ) as open
  from cafeterias c join clocks k on k.zone = c.time_zone`.execute(db)
// The minutes at which it has just opened or closed, or another day has begun.
await sql`
  create table changed as
  select cafeteria_id, change, minute from (
    select *, lag((open, shown::date)) over (partition by cafeteria_id, change order by minute) as before from minutes
  ) m
  where before is not null and before <> (open, shown::date)`.execute(db)
await sql`create index on changed (cafeteria_id, change, minute)`.execute(db)
await sql`
  create table open_times as
  select cafeteria_id, change, tstzrange(min(minute), max(minute) + interval '1 minute') as around,
    coalesce(range_agg(tstzrange(minute, minute + interval '1 minute')) filter (where open), '{}') as open_time
  from minutes group by cafeteria_id, change`.execute(db)
await sql`
  create table slots as
  select o.cafeteria_id, o.change, tstzrange(s.starts_at, s.ends_at) as slot
  from open_times o join cafeterias c on c.id = o.cafeteria_id
  cross join lateral wanted_slots(c.id, (change at time zone c.time_zone)::date - 2, (change at time zone c.time_zone)::date + 2, '{}') s`.execute(
  db,
)
await sql`create index on slots (cafeteria_id, change)`.execute(db)
await sql`analyze slots, changed, open_times, minutes, opening_hours`.execute(db)

t.test('there is something to compare', async (t) => {
  const { rows } = await sql<{ changes: number; slots: number; open: number; shut: number }>`
    select (select count(*)::integer from open_times) as changes, (select count(*)::integer from slots) as slots,
      (select count(*)::integer from minutes where open) as open, (select count(*)::integer from minutes where not open) as shut`.execute(
    db,
  )
  const { changes, slots, open, shut } = rows[0] as (typeof rows)[0]
  t.ok(changes > 500 && slots > 20 * changes && open > 100_000 && shut > 100_000, JSON.stringify(rows[0]))
})

t.test('every open minute is in a slot, and no slot lies outside', async (t) => {
  const { rows } = await sql`
    select c.name as zone, c.slug, o.change, o.open_time, s.slot_time
    from open_times o join cafeterias c on c.id = o.cafeteria_id
    cross join lateral (
      select coalesce(range_agg(slot) * tstzmultirange(o.around), '{}') as slot_time
      from slots s where s.cafeteria_id = o.cafeteria_id and s.change = o.change
    ) s
    where slot_time <> open_time limit 5`.execute(db)
  t.same(rows, [])
})

t.test('no minute is in two slots, and none is longer than it may be', async (t) => {
  const { rows: twice } = await sql`
    select cafeteria_id, change from slots group by cafeteria_id, change
    having sum(upper(slot) - lower(slot)) <> (
      select sum(upper(stretch) - lower(stretch)) from unnest(range_agg(slot)) stretch
    ) limit 5`.execute(db)
  t.same(twice, [])
  const { rows: long } = await sql`
    select s.slot from slots s join cafeterias c on c.id = s.cafeteria_id
    where isempty(slot) or upper(slot) - lower(slot) > make_interval(mins => c.slot_minutes) limit 5`.execute(
    db,
  )
  t.same(long, [])
})

t.test('slots are the same on whatever day they are laid out', async (t) => {
  const { rows } = await sql`
    select c.slug, o.change, s.starts_at, s.ends_at
    from open_times o join cafeterias c on c.id = o.cafeteria_id
    cross join lateral wanted_slots(c.id, (change at time zone c.time_zone)::date + 1, (change at time zone c.time_zone)::date + 1, '{}') s
    where not exists (
      select from slots l
      where l.cafeteria_id = o.cafeteria_id and l.change = o.change and l.slot = tstzrange(s.starts_at, s.ends_at)
    ) limit 5`.execute(db)
  t.same(rows, [])
})

t.test('windows are open when the clock says so, without seams', async (t) => {
  const { rows } = await sql`
    select c.slug, c.name, o.change, o.open_time, w.windows
    from open_times o join cafeterias c on c.id = o.cafeteria_id
    cross join lateral (
      select coalesce(range_agg(tstzrange(opens_at, closes_at)), '{}') as windows, count(*) as count
      from opening_windows(c.id, 'opening', (change at time zone c.time_zone)::date - 2, (change at time zone c.time_zone)::date + 2)
    ) w
    where windows * tstzmultirange(o.around) <> open_time
      or count <> (select count(*) from unnest(windows)) limit 5`.execute(db)
  t.same(rows, [])
})

t.test('is_open says the same at every minute', async (t) => {
  const { rows } = await sql`
    select zone, minute, open from minutes m
    where extract(minute from minute)::integer % 15 in (0, 14)
      and (minute between change - interval '70 minutes' and change + interval '130 minutes' or extract(minute from minute) = 15)
      and is_open(cafeteria_id, zone, 'ordering', minute + interval '59.999999 seconds') <> open limit 5`.execute(
    db,
  )
  t.same(rows, [])
})

t.test('what is cached is kept until it opens, closes or the day ends, and no longer', async (t) => {
  const { rows } = await sql`
    select zone, minute, next, found from (
      select m.*, next_hours_change(cafeteria_id, zone, minute) as found,
        (select min(later.minute) from changed later
          where later.cafeteria_id = m.cafeteria_id and later.change = m.change and later.minute > m.minute) as next
      from minutes m where extract(minute from minute) = 0 and extract(hour from minute)::integer % 5 = 0 offset 0
    ) n
    where found <> next or (next is null and found <= change + interval '3 hours') limit 5`.execute(db)
  t.same(rows, [])
})
