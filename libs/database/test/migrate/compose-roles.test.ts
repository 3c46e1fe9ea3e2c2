import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asService, startTemporaryStack } from '@comanda/local-stack/testing'
import pg from 'pg'
import t from 'tap'
import { roleOf, servicesWithRoles } from '#src/roles/rights.ts'

const text = readFileSync(join(import.meta.dirname, '../../../../compose/postgres/roles.sql'), 'utf8')

// Roles belong to the whole server, so this takes one of its own.
const stack = await startTemporaryStack({ postgres: { standbys: 0 } })
t.teardown(() => stack.stop())
const owner = stack.primaryUrl
const admin = owner.replace('comanda:comanda@', 'postgres:postgres@')

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

t.test('data that is there gets the login of every service, however often compose.yaml starts', async (t) => {
  await query(admin, `drop role ${servicesWithRoles.map(roleOf).join(', ')}`)
  // An owner who may make roles makes them without a login.
  await query(admin, `create role ${roleOf('worker')}`)
  for (const time of ['first', 'second']) {
    await query(admin, text)
    for (const service of servicesWithRoles) {
      const rows = await query(
        asService(owner, service),
        `select current_user as name, current_setting('default_transaction_read_only') as "readOnly"`,
      )
      const readOnly = service === 'analytics' ? 'on' : 'off'
      t.same(rows, [{ name: roleOf(service), readOnly }], `${service}, the ${time} time`)
    }
  }
})
