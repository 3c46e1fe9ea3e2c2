import type { Caller } from '@comanda/access'
import type { Database } from '@comanda/database'
import { getHistory, listActiveOrders, listRecentOrders } from './customers.repository.ts'
import type { CustomerSummary, OrderGist } from './customers.schema.ts'

/** Invalidations by orders carry no position, because it would cost each of them one more query; so these reads go to the primary. */
const need = 'primary'

/** Reads the caller's ten newest orders. */
export async function getRecentOrders(
  database: Database,
  { userId }: Caller,
): Promise<{ data: OrderGist[] }> {
  return { data: await database.read(need, (db) => listRecentOrders(db, userId)) }
}

/** Reads what the first screen of a phone shows, in two statements. */
export function getSummary(database: Database, { userId }: Caller): Promise<CustomerSummary> {
  return database.read(need, async (db) => {
    const [activeOrders, history] = await Promise.all([listActiveOrders(db, userId), getHistory(db, userId)])
    return { activeOrders, ...history }
  })
}
