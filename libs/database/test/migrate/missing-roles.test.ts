import { startTemporaryStack } from '@comanda/local-stack/testing'
import pg from 'pg'
import t from 'tap'
import { migrate } from '#src/migrate/migrate.ts'
import { roleOf, servicesWithRoles } from '#src/roles/rights.ts'

// Roles belong to the whole server, so this takes one of its own.
const stack = await startTemporaryStack({ postgres: { standbys: 0 } })
t.teardown(() => stack.stop())
const [admin, owner] = [stack.primaryUrl.replace('comanda:comanda@', 'postgres:postgres@'), stack.primaryUrl]
const roles = servicesWithRoles.map(roleOf)

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

async function migrateAndListen(): Promise<string> {
  const said: string[] = []
  await migrate(owner, { say: (line) => said.push(line) })
  return said.join('\n')
}

t.test('an owner that may not make roles migrates without them, and says what is missing', async (t) => {
  await query(admin, `drop role ${roles.join(', ')}`)
  const said = await migrateAndListen()
  t.match(said, `The database has no role ${roles.join(', ')}`)
  t.match(said, `create role comanda_orders login password '…';`)
  const tables = await query(owner, 'select from orders')
  t.equal(tables.rowCount, 0)
})

t.test('a role that was made meanwhile gets its rights, and the others are asked for again', async (t) => {
  await query(admin, `create role comanda_orders login password 'secret'`)
  const said = await migrateAndListen()
  t.match(said, 'The database has no role comanda_worker, comanda_realtime, comanda_analytics,')
  t.notMatch(said, 'no role comanda_orders')
  const { rows } = await query(
    owner,
    `select has_table_privilege('comanda_orders', 'orders', 'insert') as granted`,
  )
  t.same(rows, [{ granted: true }])
})

t.test('a role of analytics that does not begin with reading is asked for', async (t) => {
  await query(admin, 'create role comanda_analytics')
  t.match(await migrateAndListen(), 'alter role comanda_analytics set default_transaction_read_only = on;')
})

t.test('an owner that may make roles makes those that are missing, without a login', async (t) => {
  await query(
    admin,
    `drop owned by comanda_orders, comanda_analytics; drop role comanda_orders, comanda_analytics`,
  )
  await query(admin, 'alter role comanda createrole')
  t.equal(await migrateAndListen(), '')
  const { rows } = await query(
    owner,
    `select rolname, rolcanlogin, rolconfig from pg_roles where rolname like 'comanda\\_%' order by rolname`,
  )
  t.same(rows, [
    { rolname: 'comanda_analytics', rolcanlogin: false, rolconfig: ['default_transaction_read_only=on'] },
    ...['orders', 'realtime', 'worker'].map((service) => ({
      rolname: `comanda_${service}`,
      rolcanlogin: false,
      rolconfig: null,
    })),
  ])
})
