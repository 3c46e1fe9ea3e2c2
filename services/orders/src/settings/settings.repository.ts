import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import { defaultSettings, type Settings, type SettingsChanges } from './settings.schema.ts'

type Stored = Omit<Settings, 'currency'>

/** Finds the settings, completed by the defaults. */
export async function findSettings(db: Kysely<Schema>): Promise<Stored> {
  const rows = await db
    .selectFrom('settings')
    .select(['key', 'value'])
    .where('key', 'in', Object.keys(defaultSettings))
    .execute()
  return { ...defaultSettings, ...Object.fromEntries(rows.map(({ key, value }) => [key, value])) }
}

/** Locks the settings against changes until the transaction ends; they can be read meanwhile. */
export async function lockSettings(tx: Transaction<Schema>): Promise<void> {
  await sql`lock table settings in share row exclusive mode`.execute(tx)
}

export async function updateSettings(tx: Transaction<Schema>, changes: SettingsChanges): Promise<void> {
  await sql`
    insert into settings (key, value) select key, value from jsonb_each(${JSON.stringify(changes)}::jsonb)
    on conflict (key) do update set value = excluded.value, updated_at = now()`.execute(tx)
}
