import type { Order } from './orders.schema.ts'

/** Makes the entity tag of an order's version. */
export function entityTag({ version }: Pick<Order, 'version'>): string {
  return `"${version}"`
}

/** The version an `If-Match` header asks for; null when it asks for none or any. */
export function expectedVersion(ifMatch: string | undefined): number | null {
  const version = ifMatch?.match(/"(\d+)"/)?.[1]
  return version === undefined ? null : Number(version)
}
