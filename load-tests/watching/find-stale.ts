import type { OrderVersion } from './orders-in-database.ts'
import type { Phone, Screen } from './watchers.ts'

export interface Watchers {
  phones: readonly Phone[]
  screens: readonly Screen[]
}

/** The first phone or screen that shows an order older than given, as a sentence; null when there is none. */
export function findStale({ phones, screens }: Watchers, orders: readonly OrderVersion[]): string | null {
  const versions = new Map(orders.map(({ id, version }) => [id, version]))
  for (const phone of phones)
    for (const id of phone.orderIds)
      if (phone.versionOf(id) < (versions.get(id) ?? 0))
        return `${phone.about()} does not show ${id} as it is`
  for (const screen of screens)
    for (const { id, cafeteriaId, version } of orders)
      if (cafeteriaId === screen.cafeteriaId && screen.versionOf(id) < version)
        return `${screen.about()} does not show ${id} as it is`
  return null
}
