import type { Watchers } from '../watching/find-stale.ts'
import type { OrderVersion } from '../watching/orders-in-database.ts'
import type { Phone, Screen } from '../watching/watchers.ts'

/** @throws when a phone or a screen shows what the database has not, or a screen did not get every event of its kitchen once and in order */
export function checkWatchers({ phones, screens }: Watchers, orders: readonly OrderVersion[]): void {
  const versions = new Map(orders.map(({ id, version }) => [id, version]))
  for (const phone of phones) checkPhone(phone, versions)
  for (const screen of screens) checkScreen(screen, orders)
}

function checkPhone({ orderIds, versionOf }: Phone, versions: ReadonlyMap<string, number>): void {
  for (const id of orderIds)
    if (versionOf(id) !== versions.get(id)) throw new Error(`a phone shows ${id} as it never was`)
}

function checkScreen({ cafeteriaId, versionOf, numbers }: Screen, orders: readonly OrderVersion[]): void {
  for (const { id, version } of orders.filter((order) => order.cafeteriaId === cafeteriaId))
    if (versionOf(id) !== version) throw new Error(`a screen shows ${id} as it never was`)
  const gap = numbers.findIndex((seq, index) => index > 0 && seq !== (numbers[index - 1] ?? 0) + 1)
  if (gap > 0) throw new Error(`a screen got event ${numbers[gap]} after ${numbers[gap - 1]}`)
  if (numbers.length === 0) throw new Error('a screen got no event')
}
