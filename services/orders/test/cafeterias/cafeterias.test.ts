import t from 'tap'
import { addCafeteria } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, elsewhere, staff, manager, admin, customer } =
  await startEditingApp(t)
const url = `/v1/cafeterias/${cafeteria.id}`

const slotsOf = (cafeteriaId: string) =>
  db
    .selectFrom('pickupSlots')
    .selectAll()
    .where('cafeteriaId', '=', cafeteriaId)
    .orderBy('startsAt')
    .execute()

t.test('anybody lists cafeterias by name, and reads one', async (t) => {
  const list = await send('GET', '/v1/cafeterias')
  t.equal(list.status, 200)
  t.same(
    list.body.data.map(({ id }: { id: string }) => id),
    [cafeteria.id, elsewhere.id],
  )
  const one = await send('GET', url)
  t.equal(one.status, 200)
  t.match(one.body, {
    id: cafeteria.id,
    slug: cafeteria.slug,
    timeZone: 'America/Mexico_City',
    currency: 'MXN',
    openNow: true,
    orderingNow: true,
    pausedAt: null,
    slotMinutes: 15,
    cooks: 100,
    slotCapacityOrders: 20,
    slotCapacityMakeSeconds: null,
  })
  t.same(one.body, list.body.data[0])
  t.match(await send('GET', `/v1/cafeterias/${unknownId}`), {
    status: 404,
    body: { code: 'cafeteria_not_found' },
  })
  t.match(await send('GET', '/v1/cafeterias/none'), { status: 400, body: { code: 'validation_failed' } })
  t.match(
    await send('GET', `/v1/cafeterias/urn:uuid:${unknownId}`),
    { status: 400 },
    'Postgres cannot read a URN',
  )
})

t.test('a deleted cafeteria is gone from every answer', async (t) => {
  const gone = await addCafeteria(db, { deletedAt: new Date().toISOString(), slotDays: null })
  t.equal((await send('GET', `/v1/cafeterias/${gone.id}`)).status, 404)
  for (const part of ['hours', 'slots', 'menu']) {
    t.match(await send('GET', `/v1/cafeterias/${gone.id}/${part}`), {
      status: 404,
      body: { code: 'cafeteria_not_found' },
    })
  }
  t.equal((await send('PATCH', `/v1/cafeterias/${gone.id}`, admin, { name: 'Back' })).status, 404)
  t.equal((await send('GET', '/v1/cafeterias?page=1')).body.pagination.total, 2)
})

t.test('an administrator adds a cafeteria, which has an account for its sales and is closed', async (t) => {
  const body = { slug: 'north', name: 'North', timeZone: 'Europe/Madrid', currency: 'EUR', slotMinutes: 30 }
  const created = await send('POST', '/v1/cafeterias', admin, body)
  t.equal(created.status, 201)
  t.match(created.body, { ...body, openNow: false, orderingNow: false, autoAccept: false })
  t.equal(created.headers.location, `/v1/cafeterias/${created.body.id}`)
  t.same((await send('GET', `/v1/cafeterias/${created.body.id}`)).body, created.body)
  const account = await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', created.body.id)
    .executeTakeFirst()
  t.match(account, { kind: 'sales', currency: 'EUR' })
  t.match(await auditOf(created.body.id), [
    { action: 'cafeteria.create', actorId: admin.id, before: null, after: created.body },
  ])

  t.match(await send('POST', '/v1/cafeterias', admin, body), {
    status: 409,
    body: { code: 'cafeteria_slug_taken' },
  })
  t.match(
    await send('POST', '/v1/cafeterias', admin, { ...body, slug: 'south', timeZone: 'Europe/Atlantis' }),
    {
      status: 422,
      body: { code: 'time_zone_unknown', errors: [{ field: 'timeZone' }] },
    },
  )
  for (const wrong of [
    { timeZone: '+05:00' },
    { currency: 'euro' },
    { slotMinutes: 7 },
    { owner: 'me' },
    { name: ' ' },
  ]) {
    t.match(
      await send('POST', '/v1/cafeterias', admin, { ...body, slug: 'east', ...wrong }),
      { status: 400, body: { code: 'validation_failed', errors: [{ field: Object.keys(wrong)[0] }] } },
      JSON.stringify(wrong),
    )
  }
  for (const who of [customer, staff, manager]) {
    t.match(await send('POST', '/v1/cafeterias', who, body), {
      status: 403,
      body: { code: 'forbidden_role' },
    })
  }
})

t.test('its manager changes a cafeteria, others do not', async (t) => {
  const changed = await send('PATCH', url, manager, { name: 'Alameda', autoAccept: true, recallSeconds: 60 })
  t.equal(changed.status, 200)
  t.match(changed.body, { name: 'Alameda', autoAccept: true, recallSeconds: 60, slug: cafeteria.slug })
  t.match(await auditOf(cafeteria.id), [
    {
      action: 'cafeteria.update',
      actorId: manager.id,
      before: { name: cafeteria.name, autoAccept: false },
      after: { name: 'Alameda', autoAccept: true },
      requestId: String,
    },
  ])
  t.match((await send('PATCH', url, admin, { name: cafeteria.name, autoAccept: false })).body, {
    name: cafeteria.name,
  })

  t.match(await send('PATCH', url, manager, {}), { status: 400 })
  t.match(await send('PATCH', url, manager, { currency: 'USD' }), { status: 400 }, 'money stays what it is')
  t.match(await send('PATCH', url, manager, { paymentSeconds: 5 }), { status: 400 })
  t.match(await send('PATCH', url, manager, { timeZone: 'America/Nowhere' }), {
    status: 422,
    body: { code: 'time_zone_unknown' },
  })
  await refusesOthers(t, (who) => send('PATCH', url, who, { name: 'Mine' }), {
    notFound: 'cafeteria_not_found',
  })
  t.match(await send('PATCH', `/v1/cafeterias/${unknownId}`, admin, { name: 'x' }), {
    status: 404,
    body: { code: 'cafeteria_not_found' },
  })
})

t.test('pausing stops orders until resumed, and may be repeated', async (t) => {
  const paused = await send('POST', `${url}/pause`, manager, { reason: 'No gas' })
  t.match(paused, {
    status: 200,
    body: { pauseReason: 'No gas', pausedAt: String, openNow: true, orderingNow: false },
  })
  const again = await send('POST', `${url}/pause`, admin)
  t.match(again, { status: 200, body: { pauseReason: null, pausedAt: paused.body.pausedAt } })
  const resumed = await send('POST', `${url}/resume`, manager)
  t.match(resumed, { status: 200, body: { pausedAt: null, pauseReason: null, orderingNow: true } })
  t.equal((await send('POST', `${url}/resume`, manager)).status, 200)
  t.match(
    (await auditOf(cafeteria.id)).slice(-4).map(({ action }) => action),
    ['cafeteria.pause', 'cafeteria.pause', 'cafeteria.resume', 'cafeteria.resume'],
  )
  t.equal((await send('POST', `${url}/pause`, manager, { why: 'x' })).status, 400)
  for (const move of ['pause', 'resume']) {
    await refusesOthers(t, (who) => send('POST', `${url}/${move}`, who), { notFound: 'cafeteria_not_found' })
  }
})

t.test('new slot capacity holds for all slots to come, also where something is reserved', async (t) => {
  const [, reserved, free] = await slotsOf(cafeteria.id)
  await db
    .updateTable('pickupSlots')
    .set({ reservedOrders: 1 })
    .where('id', '=', reserved?.id as string)
    .execute()
  await send('PATCH', url, manager, { slotCapacityOrders: 7, slotCapacityMakeSeconds: 900 })
  const after = await slotsOf(cafeteria.id)
  const find = (id: string | undefined) => after.find((slot) => slot.id === id)
  for (const slot of [reserved, free])
    t.match(find(slot?.id), { capacityOrders: 7, capacityMakeSeconds: 900 })
  t.match(find(reserved?.id), { reservedOrders: 1, closed: false })
})

t.test('another slot length cuts the day anew', async (t) => {
  await send('PATCH', url, manager, { slotMinutes: 60 })
  const now = new Date().toISOString()
  const open = (await slotsOf(cafeteria.id)).filter(
    ({ closed, reservedOrders, endsAt }) => !closed && reservedOrders === 0 && endsAt > now,
  )
  t.ok(open.length > 7 * 24 - 2, 'a week of them')
  const hour = 3_600_000
  const short = open.filter(({ startsAt, endsAt }) => Date.parse(endsAt) - Date.parse(startsAt) !== hour)
  t.ok(short.length <= 8, 'except around the slot that runs and the one with a reservation')
  for (const { endsAt } of short) t.ok(Date.parse(endsAt) < Date.now() + 3 * hour)
})
