import { zoneAtNoon } from '@comanda/service/testing'
import t from 'tap'
import { addCafeteria } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, manager, admin, statements } = await startEditingApp(t)
const url = `/v1/cafeterias/${cafeteria.id}/hours`
const allDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))

// Not the moment of counting: a slot that ends between two counts is in both.
const since = new Date().toISOString()
const openSlots = async () => {
  const slots = await db
    .selectFrom('pickupSlots')
    .select('startsAt')
    .where('cafeteriaId', '=', cafeteria.id)
    .where('closed', '=', false)
    .where('endsAt', '>', since)
    .execute()
  return slots.length
}

t.test(
  'anybody reads the week, the exceptions to come, and whether it is open, in one statement',
  async (t) => {
    await db
      .insertInto('scheduleExceptions')
      .values([
        { cafeteriaId: cafeteria.id, date: '2020-01-01', opens: null, closes: null },
        {
          cafeteriaId: cafeteria.id,
          date: '2090-01-01',
          opens: '10:00',
          closes: '12:30',
          reason: 'New Year',
        },
      ])
      .execute()
    statements.length = 0
    const { status, body } = await send('GET', url)
    t.equal(statements.length, 1)
    t.equal(status, 200)
    t.same(body.opening, allDay)
    t.same(body.ordering, allDay)
    t.match(body, {
      cafeteriaId: cafeteria.id,
      timeZone: 'America/Mexico_City',
      openNow: true,
      orderingNow: true,
      pausedAt: null,
      nextOpening: null,
      exceptions: [{ date: '2090-01-01', opens: '10:00', closes: '12:30', reason: 'New Year' }],
    })
    t.equal(body.exceptions.length, 1, 'what is over does not matter')
    t.match(await send('GET', `/v1/cafeterias/${unknownId}/hours`), {
      status: 404,
      body: { code: 'cafeteria_not_found' },
    })
  },
)

t.test('an exception is listed until its night is over', async (t) => {
  const { id, timeZone } = await addCafeteria(db, { slotDays: null, timeZone: zoneAtNoon })
  const dateOf = (at: number) => new Intl.DateTimeFormat('sv', { timeZone }).format(at)
  const yesterday = dateOf(Date.now() - 86_400_000)
  const before = dateOf(Date.now() - 2 * 86_400_000)
  const night = { cafeteriaId: id, opens: '23:59', closes: '23:58' }
  await db
    .insertInto('scheduleExceptions')
    .values([
      { ...night, date: yesterday },
      { ...night, date: before },
    ])
    .execute()
  const { body } = await send('GET', `/v1/cafeterias/${id}/hours`)
  t.match(body.exceptions, [{ date: yesterday }])
  t.equal(body.exceptions.length, 1)
})

t.test('a paused cafeteria is open but takes no orders, and one without hours never opens', async (t) => {
  const paused = await addCafeteria(db, { slotDays: null, pausedAt: new Date().toISOString() })
  t.match((await send('GET', `/v1/cafeterias/${paused.id}/hours`)).body, {
    openNow: true,
    orderingNow: false,
  })
  const never = await addCafeteria(db, { slotDays: null })
  await db.deleteFrom('openingHours').where('cafeteriaId', '=', never.id).execute()
  t.match((await send('GET', `/v1/cafeterias/${never.id}/hours`)).body, {
    openNow: false,
    opening: [],
    nextOpening: null,
  })
})

t.test('its manager replaces the week, and slots to come follow', async (t) => {
  const before = await openSlots()
  const opening = [
    { weekday: 1, opens: '08:00', closes: '12:00' },
    { weekday: 3, opens: '08:00', closes: '12:00' },
  ]
  const ordering = [{ weekday: 1, opens: '07:30', closes: '11:30' }]
  const replaced = await send('PUT', url, manager, { opening, ordering })
  t.match(replaced, { status: 200, body: { opening, ordering } })
  t.same((await send('GET', url)).body.opening, opening)
  const after = await openSlots()
  t.ok(after > 0 && after <= 4 * 16, 'only those of two mornings are left')
  t.match(await auditOf(cafeteria.id), [
    {
      action: 'hours.replace',
      actorId: manager.id,
      before: { opening: allDay },
      after: { opening, ordering },
    },
  ])

  const back = await send('PUT', url, admin, { opening: allDay })
  t.same(back.body.ordering, allDay, 'orders are taken while it is open, unless said otherwise')
  t.ok((await openSlots()) > before, 'a whole week is open again')
})

t.test('a night is one of the week’s hours, or two that adjoin', async (t) => {
  const one = [{ weekday: 5, opens: '21:45', closes: '02:15' }]
  const two = [
    { weekday: 5, opens: '21:45', closes: '24:00' },
    { weekday: 6, opens: '00:00', closes: '02:15' },
  ]
  const lengths = []
  for (const opening of [one, two]) {
    t.match(await send('PUT', url, manager, { opening }), {
      status: 200,
      body: { opening, ordering: opening },
    })
    lengths.push(await openSlots())
  }
  t.ok((lengths[0] ?? 0) >= 18, 'the quarters of an hour of a night')
  t.equal(lengths[0], lengths[1])
  await send('PUT', url, manager, { opening: allDay })
})

t.test('hours that make no sense are refused, with the place, and change nothing', async (t) => {
  const never = [{ weekday: 5, opens: '22:00', closes: '22:00' }]
  t.match(await send('PUT', url, manager, { opening: never }), {
    status: 422,
    body: { code: 'hours_invalid', errors: [{ field: 'opening[0].closes' }] },
  })
  const nights = [
    { weekday: 7, opens: '22:00', closes: '02:00' },
    { weekday: 1, opens: '01:00', closes: '03:00' },
  ]
  t.match(await send('PUT', url, manager, { opening: nights }), {
    status: 422,
    body: { code: 'hours_overlap', errors: [{ field: 'opening[1]' }] },
  })
  const twice = [...allDay, { weekday: 5, opens: '10:00', closes: '11:00' }]
  t.match(await send('PUT', url, manager, { opening: allDay, ordering: twice }), {
    status: 422,
    body: { code: 'hours_overlap', errors: [{ field: 'ordering[7]' }] },
  })
  for (const wrong of [
    { weekday: 8 },
    { opens: '8:00' },
    { opens: '24:00' },
    { closes: '24:01' },
    { note: 'x' },
  ]) {
    const hours = { weekday: 1, opens: '08:00', closes: '09:00', ...wrong }
    t.match(await send('PUT', url, manager, { opening: [hours] }), { status: 400 }, JSON.stringify(wrong))
  }
  t.same((await send('GET', url)).body.opening, allDay)
  await refusesOthers(t, (who) => send('PUT', url, who, { opening: allDay }), {
    notFound: 'cafeteria_not_found',
  })
})
