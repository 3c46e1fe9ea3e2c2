import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { currency, timeZone } from './cafeterias.ts'

/** What GET /v1/config answers until an administrator changes it. */
const settings = {
  campus: { name: 'Campus Comanda', time_zone: timeZone, currency, locale: 'es-MX' },
  support: { email: 'soporte@comanda.test', phone: '+52 55 5555 0142' },
  ordering: { slot_days: 7, note_examples: ['sin cebolla', 'salsa aparte', 'para llevar'] },
}

export async function insertSettings(db: Kysely<Schema>): Promise<void> {
  await db
    .insertInto('settings')
    .values(Object.entries(settings).map(([key, value]) => ({ key, value: JSON.stringify(value) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
