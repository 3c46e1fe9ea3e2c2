import { sql } from 'kysely'
import t from 'tap'
import { parse } from 'yaml'
import { openPlainDatabase } from '../../libs/database/src/index.ts'
import { cloneTestDatabase } from '../../libs/local-stack/src/testing.ts'
import { exporters } from '../../scripts/metrics/exporters.ts'
import { objectsIn } from './chart.ts'
import { buildK8s } from './kustomize.ts'

interface CustomQuery {
  query: string
  metrics: Record<string, { usage: 'LABEL' | 'GAUGE' | 'COUNTER' }>[]
}

const objects = objectsIn(await buildK8s('production'))
const [{ name, key }] = objects.get('Cluster', 'comanda-db').spec.monitoring.customQueriesConfigMap
const queries = parse(objects.get('ConfigMap', name).data[key]) as Record<string, CustomQuery>

const clone = await cloneTestDatabase()
const { primary: db, close } = openPlainDatabase(clone.url, 'queries-test')
t.teardown(async () => {
  await close()
  await clone.drop()
})

/** The metrics that CloudNativePG makes of a query, each as `name{labels} value`. */
async function measure(subject: string): Promise<string[]> {
  const { query, metrics } = queries[subject] as CustomQuery
  const columns = metrics.flatMap((metric) => Object.entries(metric))
  const { rows } = await sql.raw<Record<string, string>>(query).execute(db)
  return rows.flatMap((row) => {
    t.same(Object.keys(row).toSorted(), columns.map(([column]) => column).toSorted())
    const labels = columns
      .filter(([, { usage }]) => usage === 'LABEL')
      .map(([label]) => `${label}="${row[label]}"`)
    return columns
      .filter(([, { usage }]) => usage !== 'LABEL')
      .map(([column]) => `cnpg_${subject}_${column}{${labels.join(',')}} ${row[column]}`)
  })
}

t.test('the queries that CloudNativePG is given make metrics that dashboards name', async (t) => {
  const known = exporters.find(({ exporter }) => exporter === 'CloudNativePG')?.metrics
  for (const subject of Object.keys(queries)) {
    for (const line of await measure(subject)) t.ok(known?.includes(line.replace(/\{.*/, '')), line)
  }
})

t.test('a lock is counted while it is held, and each mode has a value when nobody holds it', async (t) => {
  const line = (count: number) =>
    `cnpg_pg_locks_count{datname="${clone.name}",mode="accessexclusivelock"} ${count}`
  const before = await measure('pg_locks')
  t.ok(before.includes(line(0)), 'none')
  t.ok(before.includes(line(0).replace('accessexclusivelock', 'sharelock')), 'nor of another mode')
  await db.transaction().execute(async (tx) => {
    await sql`lock table settings in access exclusive mode`.execute(tx)
    t.ok((await measure('pg_locks')).includes(line(1)), 'one')
  })
  t.ok((await measure('pg_locks')).includes(line(0)), 'none any more')
})
