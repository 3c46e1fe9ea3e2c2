import { dumpSchema } from '../../libs/database/src/dump/dump-schema.ts'
import { withSchemaLock } from '../../libs/database/src/migrate/schema-connection.ts'
import { openPlainDatabase } from '../../libs/database/src/open-plain-database.ts'
import { seedCampus, seedHistory } from '../../libs/seed/src/index.ts'
import { addSamples, leaveFew } from './sample-rows.ts'

/** Enough for orders in every status, paid in every way, and few enough for a file that people can read. */
const orders = 30

/**
 * Fills a database that was migrated with sample rows, and dumps it with all of them. The database is made anew from the dump, which has to
 * give the same dump again.
 * @throws Error that names the tables without rows, or when the dump is not complete
 */
export async function dumpRelease(url: string, version: string): Promise<string> {
  const database = openPlainDatabase(url, 'comanda-record-release')
  try {
    await seedCampus(database.primary, { demoAccounts: true, password: 'comanda-demo' })
    await seedHistory(database.primary, { orders })
    await leaveFew(database.primary)
    await addSamples(database.primary)
  } finally {
    await database.close()
  }
  return withSchemaLock(url, console.log, async (client) => {
    const empty = await listEmptyTables(client)
    if (empty.length > 0)
      throw new Error(`The dump has no sample of ${empty.join(', ')}: add one to sample-rows.ts.`)
    const dump = await dumpSchema(client, 'all')
    await client.query('drop schema public cascade; create schema public')
    await client.query(dump)
    if ((await dumpSchema(client, 'all')) !== dump)
      throw new Error('What is made from the dump is not what was dumped.')
    return `-- The schema of release ${version}, with the demo campus and a few orders. Written by \`make record-release\`.\n${dump}`
  })
}

async function listEmptyTables(client: Parameters<typeof dumpSchema>[0]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and (xpath('/row/found/text()',
       query_to_xml(format('select count(*) as found from %I', c.relname), true, true, '')))[1]::text = '0'
     order by name`,
  )
  return rows.map(({ name }) => name)
}
