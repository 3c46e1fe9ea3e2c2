import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { timeZone } from './cafeterias.ts'

/** What GET /v1/config answers until an administrator changes it. */
const settings = {
  name: 'Campus Comanda',
  announcement: 'Biblioteca 24 Horas prepara pedidos a cualquier hora.',
  supportEmail: 'soporte@comanda.test',
  locales: ['es-MX', 'en'],
  timeZone,
}

/** Inserts the settings that are missing; existing ones stay as they are. */
export async function insertSettings(db: Kysely<Schema>): Promise<void> {
  await db
    .insertInto('settings')
    .values(Object.entries(settings).map(([key, value]) => ({ key, value: JSON.stringify(value) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
