import type { Database, ReadOptions } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { findTopProducts } from './top-products.repository.ts'
import type { TopProducts } from './top-products.schema.ts'

/** @throws AppError cafeteria_not_found */
export async function getTopProducts(
  database: Database,
  cafeteriaId: string,
  options: ReadOptions,
): Promise<TopProducts> {
  const top = await database.find('catalogue', (db) => findTopProducts(db, cafeteriaId), options)
  if (!top) throw cafeteriaErrors.cafeteria_not_found()
  return top
}
