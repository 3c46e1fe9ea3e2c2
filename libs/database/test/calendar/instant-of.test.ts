import { sql } from 'kysely'
import t from 'tap'
import { openDatabase } from '../open-database.ts'
import { findClockChanges, readClocks } from './clock-changes.ts'

const { database } = await openDatabase(t, { statementMilliseconds: 120_000 })
const db = database.primary
await findClockChanges(db)
await readClocks(db, { oneZonePerRules: false, minutes: 150 })

t.test('there are zones of every kind to try', async (t) => {
  const { rows } = await sql<{ kinds: string[] }>`
    select array_agg(distinct kind) as kinds
    from clock_changes
    cross join lateral (select at at time zone 'UTC' + before as was, at at time zone 'UTC' + after as became) shown
    cross join lateral (values
      ('back', after < before), ('on', after > before),
      ('by half an hour', after - before in ('00:30', '-00:30')), ('by two hours', after - before in ('02:00', '-02:00')),
      ('south', zone = 'America/Santiago'), ('north', zone = 'Europe/Madrid'),
      ('midnight is skipped', after > before and was <= became::date and became > became::date),
      ('midnight is repeated', after < before and became::date >= became and became::date < was),
      ('back to the day before', after < before and was = was::date)
    ) k (kind, found)
    where found`.execute(db)
  t.same(rows[0]?.kinds.toSorted(), [
    'back',
    'back to the day before',
    'by half an hour',
    'by two hours',
    'midnight is repeated',
    'midnight is skipped',
    'north',
    'on',
    'south',
  ])
  const { rows: counts } = await sql<{
    zones: number
  }>`select count(distinct zone)::integer as zones from clock_changes`.execute(db)
  t.ok((counts[0]?.zones ?? 0) > 150, 'and all of them')
})

t.test('a local time is the first minute at which clocks show it or a later one', async (t) => {
  const { rows } = await sql`
    select zone, local, minute as expected, instant_of(local, zone) as found
    from (
      select zone, minute, shown, lag(shown) over (partition by zone, change order by minute) as shown_before from clocks
    ) c
    -- Clocks that go on skip the times between: the first of them and one in the middle.
    cross join lateral (values
      (shown), (shown_before + interval '1 minute'), (shown_before + (shown - shown_before) / 2 + interval '30 seconds')
    ) l (local)
    where shown > shown_before and local <= shown and instant_of(local, zone) <> minute
    limit 5`.execute(db)
  t.same(rows, [])
})

t.test('the local date is that of the latest time that clocks have shown', async (t) => {
  const { rows } = await sql`
    select zone, minute, shown, date_at(minute, zone) as found from clocks where date_at(minute, zone) <> shown::date
    limit 5`.execute(db)
  t.same(rows, [])
})

t.test('some of them by hand', async (t) => {
  for (const [zone, local, instant] of [
    ['Europe/Madrid', '2027-10-31 02:00', '2027-10-31T00:00Z'],
    ['Europe/Madrid', '2027-10-31 03:00', '2027-10-31T02:00Z'],
    ['Europe/Madrid', '2027-03-28 02:30', '2027-03-28T01:00Z'],
    ['America/Havana', '2027-11-07 00:00', '2027-11-07T04:00Z'],
    ['America/Havana', '2027-11-08 00:00', '2027-11-08T05:00Z'],
    ['Africa/Cairo', '2027-04-30 00:00', '2027-04-29T22:00Z'],
    ['Africa/Cairo', '2027-10-29 00:00', '2027-10-28T22:00Z'],
    ['Australia/Lord_Howe', '2027-04-04 01:45', '2027-04-03T14:45Z'],
    ['America/Mexico_City', '2027-10-31 02:00', '2027-10-31T08:00Z'],
  ] as const) {
    const { rows } = await sql<{ found: string }>`select instant_of(${local}, ${zone}) as found`.execute(db)
    t.equal(Date.parse(rows[0]?.found ?? ''), Date.parse(instant), `${local} in ${zone}`)
  }
})

t.test('a date that is skipped has no length, and one that clocks go back from goes on', async (t) => {
  const { rows } = await sql<{ skipped: string; noon: string; next: string }>`
    select instant_of('2011-12-30', 'Pacific/Apia') as skipped, instant_of('2011-12-30 12:00', 'Pacific/Apia') as noon,
      instant_of('2011-12-31', 'Pacific/Apia') as next`.execute(db)
  t.same(
    Object.values(rows[0] ?? {}).map((at) => Date.parse(at)),
    Array(3).fill(Date.parse('2011-12-30T10:00Z')),
  )
  // Until 2011 clocks in St. John's went back at one minute past midnight, to the day before.
  const { rows: dates } = await sql<{ date: string; shown: string }>`
    select date_at(at::timestamptz, 'America/St_Johns')::text as date,
      (at::timestamptz at time zone 'America/St_Johns')::date::text as shown
    from unnest(array['2010-11-07T02:29Z', '2010-11-07T02:30Z', '2010-11-07T03:00Z', '2010-11-07T03:30Z']) at`.execute(
    db,
  )
  t.same(
    dates.map(({ date, shown }) => [date, shown]),
    [
      ['2010-11-06', '2010-11-06'],
      ['2010-11-07', '2010-11-07'],
      ['2010-11-07', '2010-11-06'],
      ['2010-11-07', '2010-11-07'],
    ],
  )
})
