import type { ReplicaPurpose } from '@comanda/database'
import { asService, cloneTestDatabase } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { lockTable, openPool } from './reading.ts'

t.test(
  'a statement of a report may take longer than one of a dashboard, and neither outlives its process',
  async (t) => {
    const { database } = await startTestApp(t, { DATABASE_STATEMENT_SECONDS: '50' })
    const settingsFor = (purpose: ReplicaPurpose) =>
      database.read(purpose, async (db) => {
        const { rows } = await sql`select current_setting('statement_timeout') as statement,
        current_setting('client_connection_check_interval') as client, pg_is_in_recovery() as replica`.execute(
          db,
        )
        return rows[0]
      })
    t.same(await settingsFor('analytics'), { statement: '50s', client: '1s', replica: true })
    t.same(await settingsFor('reports'), { statement: '1min', client: '1s', replica: true })
  },
)

t.test('a report that takes too long is refused', async (t) => {
  const clone = await cloneTestDatabase()
  // The wait is what is tested.
  const { call, as, owner, rollUp } = await startTestApp(t, { DATABASE_REPORT_SECONDS: '1' }, clone)
  const replica = await openPool(t, asService(clone.replicaUrl, 'analytics'), 'watcher')
  const cafeteriaId = crypto.randomUUID()
  await sql`insert into cafeterias (id, slug, name, time_zone, currency)
    values (${cafeteriaId}, 'slow', 'Slow', 'America/Mexico_City', 'MXN')`.execute(owner)
  await rollUp()
  const lock = await lockTable(owner, replica, 'rollup_days')
  const { status, body, headers } = await call({
    url: '/v1/reports/sales',
    headers: as({ userId: cafeteriaId, role: 'admin' }),
    query: { cafeteriaId, from: '2026-11-16', to: '2026-11-24' },
  })
  await lock.rollback().execute()
  t.match([status, body.code], [503, 'handler_timeout'])
  t.equal(headers['retry-after'], '30')
})
