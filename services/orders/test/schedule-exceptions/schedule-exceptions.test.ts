import t from 'tap'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, elsewhere, manager, admin } = await startEditingApp(t)
const url = `/v1/cafeterias/${cafeteria.id}/schedule-exceptions`

/** The day after tomorrow where the cafeteria is: the slots of all of it are open. */
const date = new Intl.DateTimeFormat('sv', { timeZone: cafeteria.timeZone }).format(
  Date.now() + 2 * 86_400_000,
)
const slotsOfDate = async () =>
  (await send('GET', `/v1/cafeterias/${cafeteria.id}/slots?date=${date}`)).body.data

t.test('a date is closed or has hours of its own, its slots follow, and it can be undone', async (t) => {
  const closed = await send('POST', url, manager, { date, reason: 'Independence Day' })
  t.equal(closed.status, 201)
  t.match(closed.body, { date, opens: null, closes: null, reason: 'Independence Day' })
  t.same(await slotsOfDate(), [])
  t.match(await send('POST', url, manager, { date }), {
    status: 409,
    body: { code: 'schedule_exception_exists' },
  })

  t.equal((await send('DELETE', `${url}/${closed.body.id}`, manager)).status, 204)
  t.equal((await slotsOfDate()).length, 96, 'a day of quarters of an hour')
  t.match(await auditOf(closed.body.id), [
    { action: 'schedule_exception.create', actorId: manager.id, before: null, after: { date } },
    { action: 'schedule_exception.delete', actorId: manager.id, before: { date }, after: null },
  ])

  const short = await send('POST', url, admin, { date, opens: '10:00', closes: '12:00' })
  t.match(short.body, { opens: '10:00', closes: '12:00' })
  t.equal((await slotsOfDate()).length, 8)
  await send('DELETE', `${url}/${short.body.id}`, admin)
})

t.test('a date may have hours that run past midnight, and its night follows it', async (t) => {
  const night = await send('POST', url, manager, { date, opens: '21:45', closes: '02:15' })
  t.match(night, { status: 201, body: { opens: '21:45', closes: '02:15' } })
  t.equal((await slotsOfDate()).length, 9, 'those that begin before midnight are listed on the date')
  await send('DELETE', `${url}/${night.body.id}`, manager)
})

t.test('anybody lists them by date, from a date on, in pages of both kinds', async (t) => {
  const dates = ['2030-01-01', '2030-02-02', '2030-03-03']
  await db
    .insertInto('scheduleExceptions')
    .values(dates.map((date) => ({ date, cafeteriaId: cafeteria.id, opens: null, closes: null })))
    .execute()
  const datesOf = ({ body }: { body: { data: { date: string }[] } }) => body.data.map(({ date }) => date)
  t.same(datesOf(await send('GET', url)), dates)
  t.same(datesOf(await send('GET', `${url}?from=2030-01-15&page=1`)), dates.slice(1))
  const first = await send('GET', `${url}?limit=2&fields=date`)
  t.same(first.body.data, [{ date: '2030-01-01' }, { date: '2030-02-02' }])
  t.same(datesOf(await send('GET', `${url}?limit=2&cursor=${first.body.nextCursor}`)), ['2030-03-03'])
  t.equal((await send('GET', `${url}?limit=2&page=2`)).body.pagination.totalPages, 2)
  t.equal((await send('GET', `${url}?from=0000-01-01`)).status, 400)
  t.same((await send('GET', `${url}?from=2031-01-01`)).body, { data: [], nextCursor: null })
  const nowhere = '/v1/cafeterias/01900000-0000-7000-8000-000000000000/schedule-exceptions'
  t.match(await send('GET', nowhere), { status: 404, body: { code: 'cafeteria_not_found' } })
})

t.test('an exception that makes no sense is refused', async (t) => {
  for (const [body, field] of [
    [{ date, opens: '10:00' }, 'closes'],
    [{ date, closes: '10:00' }, 'opens'],
    [{ date, opens: '10:00', closes: '10:00' }, 'closes'],
  ] as const) {
    t.match(await send('POST', url, manager, body), {
      status: 422,
      body: { code: 'hours_invalid', errors: [{ field }] },
    })
  }
  for (const body of [{}, { date: '2030-02-30' }, { date: '1999-01-01' }, { date, cause: 'x' }]) {
    t.equal((await send('POST', url, manager, body)).status, 400, JSON.stringify(body))
  }
})

t.test('only its managers make and undo exceptions', async (t) => {
  const { id } = (await send('POST', url, manager, { date: '2031-01-01' })).body
  await refusesOthers(t, (who) => send('POST', url, who, { date }), { notFound: 'cafeteria_not_found' })
  await refusesOthers(t, (who) => send('DELETE', `${url}/${id}`, who), { notFound: 'cafeteria_not_found' })
  const notFound = { status: 404, body: { code: 'schedule_exception_not_found' } }
  t.match(await send('DELETE', `${url}/${unknownId}`, manager), notFound)
  t.match(
    await send('DELETE', `/v1/cafeterias/${elsewhere.id}/schedule-exceptions/${id}`, admin),
    notFound,
    'it is not one of that cafeteria',
  )
})
