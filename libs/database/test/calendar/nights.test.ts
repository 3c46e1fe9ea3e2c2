import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../open-database.ts'

const { database } = await openDatabase(t, { statementMilliseconds: 60_000 })
const db = database.primary

type Hours = [weekday: number, opens: string, closes: string]
let cafeterias = 0

/** A cafeteria in Madrid, whose clocks stay as they are in the June of these tests. */
async function addCafeteria(week: Hours[], slotMinutes = 30): Promise<string> {
  cafeterias += 1
  const { rows } = await sql<{ id: string }>`
    insert into cafeterias (slug, name, time_zone, currency, slot_minutes)
    values (${`c${cafeterias}`}, 'Cafeteria', 'Europe/Madrid', 'EUR', ${slotMinutes}) returning id`.execute(
    db,
  )
  const id = rows[0]?.id as string
  for (const [weekday, opens, closes] of week) {
    await sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
      select ${id}, kind, ${weekday}, ${opens}, ${closes} from unnest(array['opening', 'ordering']) kind`.execute(
      db,
    )
  }
  return id
}

const except = (id: string, date: string, opens: string | null = null, closes: string | null = null) =>
  sql`insert into schedule_exceptions (cafeteria_id, date, opens, closes) values (${id}, ${date}, ${opens}, ${closes})`.execute(
    db,
  )

const everyDay = (...hours: [opens: string, closes: string][]): Hours[] =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => hours.map(([opens, closes]): Hours => [weekday, opens, closes]))

/** The windows of some dates in June 2027, whose 1st is a Tuesday, as clocks in Madrid show them; is_open must agree with them. */
async function windows(t: Test, id: string, from: number, to: number): Promise<string[]> {
  const { rows } = await sql<{ window: string }>`
    select to_char(opens_at at time zone 'Europe/Madrid', 'DD HH24:MI') || ' - ' || to_char(closes_at at time zone 'Europe/Madrid', 'DD HH24:MI') as window
    from opening_windows(${id}, 'opening', make_date(2027, 6, ${from}), make_date(2027, 6, ${to})) order by opens_at`.execute(
    db,
  )
  const { rows: differing } = await sql`
    select at from generate_series(make_date(2027, 6, ${from}) + interval '12 hours', make_date(2027, 6, ${to}) + interval '12 hours', interval '15 minutes') at
    where is_open(${id}, 'Europe/Madrid', 'ordering', at) <> exists (
      select from opening_windows(${id}, 'ordering', make_date(2027, 6, ${from}) - 3, make_date(2027, 6, ${to}) + 3) w
      where w.opens_at <= at and at < w.closes_at
    )`.execute(db)
  t.same(differing, [], 'is_open agrees')
  return rows.map(({ window }) => window)
}

for (const [written, night] of [
  ['one row', everyDay(['21:45', '02:15'])],
  ['two rows', everyDay(['21:45', '24:00'], ['00:00', '02:15'])],
] as const) {
  t.test(`a night of ${written} is one stretch of the date on which it begins`, async (t) => {
    const id = await addCafeteria([...night])
    t.same(await windows(t, id, 1, 2), ['01 21:45 - 02 02:15', '02 21:45 - 03 02:15'])
    const { rows } = await sql<{ slot: string }>`
      select to_char(starts_at at time zone 'Europe/Madrid', 'HH24:MI') || ' - ' || to_char(ends_at at time zone 'Europe/Madrid', 'HH24:MI') as slot
      from wanted_slots(${id}, '2027-06-01', '2027-06-01', '{}') order by starts_at`.execute(db)
    t.same(
      rows.map(({ slot }) => slot).slice(-5),
      ['21:45 - 22:15', '22:15 - 22:45', '22:45 - 23:15', '23:15 - 23:45', '23:45 - 00:15'],
      'the last slot of a date ends on the next',
    )

    await except(id, '2027-06-02')
    t.same(
      await windows(t, id, 1, 3),
      ['01 21:45 - 02 02:15', '03 21:45 - 04 02:15'],
      'a holiday closes the night that begins on it, and not the morning of the one before',
    )
    await except(id, '2027-06-09', '20:00', '04:00')
    t.same(await windows(t, id, 8, 10), ['08 21:45 - 09 02:15', '09 20:00 - 10 04:00', '10 21:45 - 11 02:15'])
    await except(id, '2027-06-16', '18:00', '24:00')
    t.same(
      await windows(t, id, 16, 17),
      ['16 18:00 - 17 00:00', '17 21:45 - 18 02:15'],
      'its night ends at midnight',
    )
    await except(id, '2027-06-22', '23:00', '22:00')
    t.same(await windows(t, id, 22, 23), ['22 23:00 - 24 02:15'], 'and may reach into the next one')
  })
}

t.test('what never closes is one stretch, and has no next opening', async (t) => {
  const id = await addCafeteria(everyDay(['00:00', '12:00'], ['12:00', '24:00']), 60)
  t.same(await windows(t, id, 1, 7), ['01 00:00 - 08 00:00'])
  const next = async () => {
    const { rows } = await sql<{ next: string | null; change: string }>`
      select next_opening(${id}, '2027-06-01T10:00Z') as next,
        next_hours_change(${id}, 'Europe/Madrid', '2027-06-01T10:00Z') as change`.execute(db)
    return rows[0]
  }
  t.match(await next(), { next: null, change: '2027-06-01T22:00:00+00:00' })
  await except(id, '2027-06-03')
  t.match(await next(), { next: '2027-06-03T22:00:00+00:00' }, 'only a holiday closes it: the whole date')
  t.same(await windows(t, id, 1, 4), ['01 00:00 - 03 00:00', '04 00:00 - 05 00:00'])
})

t.test('a day that begins at midnight and lasts past noon is no end of a night', async (t) => {
  const id = await addCafeteria([
    [1, '18:00', '24:00'],
    [2, '00:00', '20:00'],
    [5, '00:00', '24:00'],
    [6, '00:00', '04:00'],
  ])
  await except(id, '2027-06-07')
  t.same(await windows(t, id, 7, 8), ['08 00:00 - 08 20:00'], 'Tuesday has hours of its own')
  await except(id, '2027-06-12')
  t.same(
    await windows(t, id, 11, 13),
    ['11 00:00 - 12 04:00'],
    'the small hours of Saturday are the end of Friday',
  )
})

t.test('a stretch of some days is laid out from its beginning, and from its second midnight', async (t) => {
  const id = await addCafeteria(
    [
      [1, '21:50', '24:00'],
      [2, '00:00', '24:00'],
      [3, '00:00', '24:00'],
      [4, '00:00', '01:00'],
    ],
    60,
  )
  const { rows } = await sql<{ slot: string }>`
    select to_char(starts_at at time zone 'Europe/Madrid', 'DD HH24:MI') as slot
    from wanted_slots(${id}, '2027-06-07', '2027-06-10', '{}') order by starts_at`.execute(db)
  const slots = rows.map(({ slot }) => slot)
  t.same(slots.slice(0, 3), ['07 21:50', '07 22:50', '07 23:50'])
  t.equal(
    slots.findLast((slot) => slot.startsWith('08')),
    '08 23:50',
  )
  t.same(slots.filter((slot) => slot.startsWith('09')).slice(0, 2), ['09 00:00', '09 01:00'])
  t.equal(slots.at(-1), '10 00:00')
})

t.test('a mealtime may run past midnight', async (t) => {
  const id = await addCafeteria([])
  await sql`insert into mealtimes (cafeteria_id, name, starts, ends) values (${id}, 'Night', '21:00', '02:00')`.execute(
    db,
  )
  const { rows } = await sql<{ at: string; on: number; last: string; next: string }>`
    select at, (select count(*)::integer from served_mealtimes(${id}, 'Europe/Madrid', at::timestamptz)) as on,
      last_menu_change(${id}, 'Europe/Madrid', at::timestamptz) as last, next_menu_change(${id}, 'Europe/Madrid', at::timestamptz) as next
    from unnest(array['2027-06-01T18:59Z', '2027-06-01T19:00Z', '2027-06-01T23:00Z', '2027-06-02T00:00Z', '2027-06-02T00:01Z']) at`.execute(
    db,
  )
  t.same(
    rows.map(({ on, last, next }) => [on, last.slice(0, 16), next.slice(0, 16)]),
    [
      [0, '2027-06-01T00:00', '2027-06-01T19:00'],
      [1, '2027-06-01T19:00', '2027-06-02T00:00'],
      [1, '2027-06-01T19:00', '2027-06-02T00:00'],
      [1, '2027-06-01T19:00', '2027-06-02T00:00'],
      [0, '2027-06-02T00:00', '2027-06-02T19:00'],
    ],
  )
})
