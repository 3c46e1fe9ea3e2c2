import type { Database, ReadOptions } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import { checkTimeZone } from '../cafeterias/time-zone.ts'
import { findSettings, lockSettings, updateSettings } from './settings.repository.ts'
import type { Settings, SettingsChanges } from './settings.schema.ts'

export interface SettingsDependencies {
  database: Database
  /** The currency of wallets. */
  currency: string
}

export async function getSettings(
  { database, currency }: SettingsDependencies,
  options: ReadOptions,
): Promise<Settings> {
  return { ...(await database.read('catalogue', findSettings, options)), currency }
}

/** @throws AppError time_zone_unknown */
export function changeSettings(
  { database, currency }: SettingsDependencies,
  editor: Editor,
  changes: SettingsChanges,
): Promise<Settings> {
  checkTimeZone(changes.timeZone)
  return database.primary.transaction().execute(async (tx) => {
    await lockSettings(tx)
    const before = await findSettings(tx)
    await updateSettings(tx, changes)
    const after = await findSettings(tx)
    await insertAuditEntry(tx, editor, {
      action: 'settings.update',
      subjectType: 'settings',
      subjectId: 'installation',
      before,
      after,
    })
    return { ...after, currency }
  })
}
