import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { cafeteriaIds, insertCafeterias, insertException } from './campus/cafeterias.ts'
import { insertDemoAccounts } from './campus/demo-accounts.ts'
import { insertSettings } from './campus/settings.ts'

export interface CampusOptions {
  /** Whether the accounts of `demoAccounts` are made. */
  demoAccounts: boolean
  /** Their password. */
  password: string
  /** The value of NODE_ENV. */
  environment?: string | undefined
}

/**
 * Fills in what is missing of a campus: three cafeterias with their hours and menus, settings, pick-up slots for the
 * coming week and, when asked, demo accounts. What exists is left as people have made it, so a second run changes nothing
 * but the demo accounts' password when that is another one.
 * @returns how many cafeterias were new
 * @throws Error when demo accounts are asked for in production
 */
export async function seedCampus(
  db: Kysely<Schema>,
  options: CampusOptions,
): Promise<{ cafeterias: number }> {
  if (options.demoAccounts && options.environment === 'production') {
    throw new Error('Demo accounts have a password that everybody knows: production does not get them.')
  }
  return db.transaction().execute(async (tx) => {
    // Two seeds at once would both find nothing.
    await sql`select pg_advisory_xact_lock(hashtext('comanda seed'))`.execute(tx)
    const cafeterias = await insertCafeterias(tx)
    if (cafeterias > 0) await insertException(tx)
    await insertSettings(tx)
    if (options.demoAccounts) await insertDemoAccounts(tx, options.password)
    await sql`select refresh_slots(id) from cafeterias where id = any (${cafeteriaIds}) order by id`.execute(
      tx,
    )
    return { cafeterias }
  })
}
