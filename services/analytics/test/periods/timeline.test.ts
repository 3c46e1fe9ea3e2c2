import { zoneAtNoon } from '@comanda/service/testing'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { openKitchen } from '../kitchen.ts'

const { call, as, owner, rollUp } = await startTestApp(t)
const admin = as({ userId: 'e0000000-0000-4000-8000-000000000001', role: 'admin' })

/** A cafeteria whose orders were placed at these local times, of which one that clocks show twice is the first. */
async function cafeteriaWith(timeZone: string, ...placed: string[]): Promise<string> {
  const kitchen = await openKitchen(owner, timeZone)
  const customer = await kitchen.addCustomer()
  for (const time of placed) await kitchen.order(customer, { placed: time })
  return kitchen.cafeteriaId
}

async function read(cafeteriaId: string, query: string): Promise<any[]> {
  const url = `/v1/analytics/cafeterias/${cafeteriaId}/timeline?${query}`
  const { status, body } = await call({ url, headers: admin })
  t.equal(status, 200, JSON.stringify(body))
  return body.buckets
}

/** Where something happened. */
const busy = (buckets: any[]) =>
  buckets.filter(({ placed }) => placed > 0).map(({ start, date, placed }) => [start, date, placed])

t.test('hours, days, weeks and months of local time, also empty ones', async (t) => {
  const cafeteriaId = await cafeteriaWith(
    'America/Mexico_City',
    '2026-08-31 23:59',
    '2026-09-01 00:00',
    '2026-09-06 12:30',
  )
  await rollUp()
  const days = await read(cafeteriaId, 'from=2026-08-30&to=2026-09-07')
  t.equal(days.length, 9)
  t.match(days[0], {
    start: '2026-08-30T06:00:00+00:00',
    date: '2026-08-30',
    placed: 0,
    salesCents: 0,
    averageMakeSeconds: null,
  })
  t.same(busy(days), [
    ['2026-08-31T06:00:00+00:00', '2026-08-31', 1],
    ['2026-09-01T06:00:00+00:00', '2026-09-01', 1],
    ['2026-09-06T06:00:00+00:00', '2026-09-06', 1],
  ])
  const hours = await read(cafeteriaId, 'from=2026-09-06&to=2026-09-06&bucket=hour')
  t.equal(hours.length, 24)
  t.same(busy(hours), [['2026-09-06T18:00:00+00:00', '2026-09-06', 1]])
  const weeks = await read(cafeteriaId, 'from=2026-08-30&to=2026-09-07&bucket=week')
  t.same(
    weeks.map(({ date, placed }) => [date, placed]),
    [
      ['2026-08-30', 0],
      ['2026-08-31', 3],
      ['2026-09-07', 0],
    ],
    'Sunday is the end of a week, of which only one day is asked for',
  )
  const months = await read(cafeteriaId, 'from=2026-08-01&to=2026-09-30&bucket=month')
  t.same(busy(months), [
    ['2026-08-01T06:00:00+00:00', '2026-08-01', 1],
    ['2026-09-01T06:00:00+00:00', '2026-09-01', 2],
  ])
})

t.test('an hour that clocks show twice is two, and one that they skip is none', async (t) => {
  const madrid = await cafeteriaWith('Europe/Madrid', '2026-10-25 01:30')
  await owner
    .updateTable('events')
    .set({ at: '2026-10-25T01:30:00Z' })
    .where('cafeteriaId', '=', madrid)
    .execute()
  const again = await cafeteriaWith('Europe/Madrid', '2026-10-25 03:30')
  await rollUp()
  const hours = await read(madrid, 'from=2026-10-25&to=2026-10-25&bucket=hour')
  t.equal(hours.length, 25)
  t.same(busy(hours), [['2026-10-25T01:00:00+00:00', '2026-10-25', 1]], 'the second two o’clock')
  t.same(
    hours.slice(1, 4).map(({ start }) => start),
    ['2026-10-24T23:00:00+00:00', '2026-10-25T00:00:00+00:00', '2026-10-25T01:00:00+00:00'],
  )
  t.same(busy(await read(again, 'from=2026-10-25&to=2026-10-25&bucket=hour')), [
    ['2026-10-25T02:00:00+00:00', '2026-10-25', 1],
  ])
  t.equal((await read(madrid, 'from=2026-03-29&to=2026-03-29&bucket=hour')).length, 23)
})

t.test('what is to come is left out', async (t) => {
  const cafeteriaId = await cafeteriaWith(zoneAtNoon)
  const dateIn = (days: number) =>
    new Intl.DateTimeFormat('sv', { timeZone: zoneAtNoon }).format(Date.now() + days * 86_400_000)
  const today = dateIn(0)
  const hours = await read(cafeteriaId, `from=${today}&to=${today}&bucket=hour`)
  t.ok(Date.parse(hours.at(-1).start) <= Date.now())
  t.ok(Date.now() - Date.parse(hours.at(-1).start) < 2 * 3_600_000)
  t.equal((await read(cafeteriaId, `from=${today}&to=${dateIn(1)}`)).length, 1)
})
