import type { Caller } from '@comanda/access'
import type { Database } from '@comanda/database'
import { getHistory, listActiveOrders, listRecentOrders } from './customers.repository.ts'
import type { CustomerSummary, OrderGist } from './customers.schema.ts'

/** What orders invalidate comes without a position, which would be a question more for each; so this comes from the primary. */
const need = 'primary'

/** The newest ten. */
export async function getRecentOrders(
  database: Database,
  { userId }: Caller,
): Promise<{ data: OrderGist[] }> {
  return { data: await database.read(need, (db) => listRecentOrders(db, userId)) }
}

/** What the first screen of a phone shows, in two statements. */
export function getSummary(database: Database, { userId }: Caller): Promise<CustomerSummary> {
  return database.read(need, async (db) => {
    const [activeOrders, history] = await Promise.all([listActiveOrders(db, userId), getHistory(db, userId)])
    return { activeOrders, ...history }
  })
}
