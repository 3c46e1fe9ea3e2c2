import type { Client } from 'pg'
import { dumpDomains } from './domains.ts'
import { dumpExtensions } from './extensions.ts'
import { dumpGrants } from './grants.ts'
import { dumpFunctions, dumpTriggers, dumpViews } from './routines.ts'
import { dumpRows, type WhichRows } from './rows.ts'
import { dumpTables, listTables } from './tables.ts'
import { refuseUnknownObjects } from './unknown-objects.ts'

/**
 * Dumps the schema of a database as statements that make it anew, in an order that depends on nothing but names: extensions, domains, tables with
 * their indexes, rows, functions, views, triggers, grants. The roles are not part of a database, so they have to be there.
 * @param rows `constants` for the rows of a database that was only migrated, without what is different each time; `all` for a dump of a
 * release, with its data
 * @throws Error when there is something that this does not know how to write
 */
export async function dumpSchema(client: Client, rows: WhichRows): Promise<string> {
  await client.query(`set time zone 'UTC'`)
  await refuseUnknownObjects(client)
  const tables = await listTables(client)
  const parts = [
    'SET check_function_bodies = off;',
    ...(await dumpExtensions(client)),
    ...(await dumpDomains(client)),
    ...(await dumpTables(client, tables)),
    ...(await dumpRows(client, tables, rows)),
    ...(await dumpFunctions(client)),
    ...(await dumpViews(client)),
    ...(await dumpTriggers(client)),
    ...(await dumpGrants(client)),
  ]
  return `${parts.join('\n\n')}\n`
}
