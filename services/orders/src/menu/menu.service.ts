import type { Database, ReadNeed } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { findMenu } from './menu.repository.ts'
import type { Menu } from './menu.schema.ts'

/** A manager must read what they just wrote, and a standby lags; with consistency tokens this becomes `catalogue`. */
const need: ReadNeed = 'primary'

/** What a cafeteria serves at a moment, now unless one is given. @throws AppError cafeteria_not_found */
export async function getMenu(
  database: Database,
  cafeteriaId: string,
  at: string | undefined,
): Promise<Menu> {
  const menu = await database.read(need, (db) => findMenu(db, cafeteriaId, at ?? null))
  if (!menu) throw cafeteriaErrors.cafeteria_not_found()
  return { ...menu, categories: menu.categories.filter(({ products }) => products.length > 0) }
}
