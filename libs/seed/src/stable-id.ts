/** What a fixed id is for; the number is part of the id, so it never changes. */
const kinds = {
  cafeteria: 1,
  mealtime: 2,
  category: 3,
  product: 4,
  modifierGroup: 5,
  modifier: 6,
  user: 7,
  payment: 8,
} as const

/**
 * An id that is the same in every installation. It has the form of a UUIDv7 of June 2024, so what is seeded comes before
 * everything that people create, in the order of `number` (0 to 2^48 - 1).
 */
export function stableId(kind: keyof typeof kinds, number: number): string {
  return `01900000-000${kinds[kind]}-7000-8000-${number.toString().padStart(12, '0')}`
}
