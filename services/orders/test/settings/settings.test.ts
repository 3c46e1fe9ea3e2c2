import t from 'tap'
import { startEditingApp } from '../editing-app.ts'

const { send, auditOf, customer, staff, manager, admin } = await startEditingApp(t)

const defaults = {
  name: 'comanda',
  announcement: null,
  supportEmail: null,
  locales: ['es', 'en'],
  timeZone: 'America/Mexico_City',
  currency: 'MXN',
}

t.test('an installation that nobody configured has defaults', async (t) => {
  const { status, body } = await send('GET', '/v1/config')
  t.equal(status, 200)
  t.same(body, defaults)
})

t.test('an administrator configures what is given, and anybody reads it', async (t) => {
  const changes = { name: 'UNAM', announcement: 'Closed on Friday', locales: ['es-MX'] }
  const changed = await send('PATCH', '/v1/config', admin, changes)
  t.match(changed, { status: 200, body: { ...defaults, ...changes } })
  t.same((await send('GET', '/v1/config')).body, { ...defaults, ...changes })
  await send('PATCH', '/v1/config', admin, { announcement: null })
  t.same((await send('GET', '/v1/config')).body, { ...defaults, ...changes, announcement: null })
  t.match(await auditOf('installation'), [
    {
      action: 'settings.update',
      subjectType: 'settings',
      actorId: admin.id,
      before: { name: 'comanda', announcement: null },
      after: changes,
    },
    { before: changes, after: { name: 'UNAM', announcement: null } },
  ])
})

t.test('others do not, and nonsense is refused', async (t) => {
  for (const [who, status] of [
    [undefined, 401],
    [customer, 403],
    [staff, 403],
    [manager, 403],
  ] as const) {
    t.equal((await send('PATCH', '/v1/config', who, { name: 'x' })).status, status)
  }
  for (const wrong of [
    {},
    { locales: [] },
    { supportEmail: 'nobody' },
    { currency: 'USD' },
    { theme: 'dark' },
  ]) {
    t.equal((await send('PATCH', '/v1/config', admin, wrong)).status, 400, JSON.stringify(wrong))
  }
  t.match(await send('PATCH', '/v1/config', admin, { timeZone: 'America/Nowhere' }), {
    status: 422,
    body: { code: 'time_zone_unknown' },
  })
  t.equal((await auditOf('installation')).length, 2)
})
