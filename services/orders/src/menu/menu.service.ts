import type { Database, ReadOptions } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { findMenu, type TimeBoundMenu } from './menu.repository.ts'

/** Reads what a cafeteria serves at a moment, now unless one is given. @throws AppError cafeteria_not_found */
export async function getMenu(
  database: Database,
  cafeteriaId: string,
  at: string | undefined,
  options: ReadOptions,
): Promise<TimeBoundMenu> {
  const menu = await database.find('catalogue', (db) => findMenu(db, cafeteriaId, at ?? null), options)
  if (!menu) throw cafeteriaErrors.cafeteria_not_found()
  return { ...menu, categories: menu.categories.filter(({ products }) => products.length > 0) }
}
