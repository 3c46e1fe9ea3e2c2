import type { OrderVersion } from '../watching/orders-in-database.ts'

/** @throws unless every acknowledged order and move is in the database, and no order that was not acknowledged */
export function checkNothingLost(
  orders: readonly OrderVersion[],
  acknowledged: ReadonlyMap<string, number>,
): void {
  const versions = new Map(orders.map(({ id, version }) => [id, version]))
  for (const [id, version] of acknowledged)
    if ((versions.get(id) ?? 0) < version)
      throw new Error(`version ${version} of ${id} was acknowledged and is lost`)
  if (versions.size !== acknowledged.size)
    throw new Error(`${acknowledged.size} orders were acknowledged, and there are ${versions.size}`)
}
