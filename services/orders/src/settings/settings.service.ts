import type { Database, ReadOptions } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import { checkTimeZone } from '../cafeterias/time-zone.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { findSettings, lockSettings, updateSettings } from './settings.repository.ts'
import type { Settings, SettingsChanges } from './settings.schema.ts'

export interface SettingsDependencies {
  database: Database
  edit: EditCatalogue
  /** The currency of wallets. */
  currency: string
}

export async function getSettings(
  { database, currency }: SettingsDependencies,
  options: ReadOptions,
): Promise<Settings> {
  return { ...(await database.read('catalogue', findSettings, options)), currency }
}

/** Changes what every screen shows, so the change is published to those of all cafeterias. @throws AppError time_zone_unknown */
export function changeSettings(
  { edit, currency }: SettingsDependencies,
  editor: Editor,
  changes: SettingsChanges,
): Promise<Settings> {
  checkTimeZone(changes.timeZone)
  return edit(async (tx) => {
    await lockSettings(tx)
    const before = await findSettings(tx)
    await updateSettings(tx, changes)
    const after = await findSettings(tx)
    await insertAuditEntry(tx, editor, {
      action: 'settings.update',
      subjectType: 'settings',
      subjectId: 'installation',
      cafeteriaId: null,
      before,
      after,
    })
    return { ...after, currency }
  })
}
