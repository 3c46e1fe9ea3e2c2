/** What a seeded cafeteria is made of. Prices are MXN cents, times seconds, hours local `HH:MM` pairs. */
export interface CafeteriaSeed {
  slug: string
  name: string
  description: string
  location: string
  /** How many people cook at once. */
  cooks: number
  slotMinutes: number
  slotCapacityOrders: number
  /** Null: the kitchen is not limited by time. */
  slotCapacityMakeSeconds: number | null
  hours: { opening: WeeklyHoursSeed; ordering: WeeklyHoursSeed }
  mealtimes?: Record<string, HoursSeed>
  modifierGroups: Record<string, ModifierGroupSeed>
  /** In the order of the menu. */
  categories: Record<string, ProductSeed[]>
}

export type HoursSeed = [opens: string, closes: string]

export interface WeeklyHoursSeed {
  weekdays: HoursSeed
  saturday?: HoursSeed
  sunday?: HoursSeed
}

export interface ModifierGroupSeed {
  /** 0 when it may be left out. */
  least: number
  most: number
  options: [name: string, priceDeltaCents: number][]
}

export interface ProductSeed {
  name: string
  description: string
  priceCents: number
  makeSeconds: number
  allergens: Allergen[]
  tags: DietaryTag[]
  mealtime?: string
  stock?: number
  modifierGroups?: string[]
}

type Allergen =
  | 'gluten'
  | 'milk'
  | 'eggs'
  | 'nuts'
  | 'peanuts'
  | 'soy'
  | 'sesame'
  | 'fish'
  | 'crustaceans'
  | 'sulphites'
type DietaryTag = 'vegan' | 'vegetarian' | 'gluten_free' | 'high_protein' | 'spicy'

/** Splits `milk gluten` into its words, so that a menu is a table that can be read. */
function words<T extends string>(text: string): T[] {
  return text.split(' ').filter(Boolean) as T[]
}

/** One line of a menu: price in pesos, make time in seconds. */
export function dish(
  name: string,
  description: string,
  pesos: number,
  makeSeconds: number,
  allergens: string,
  tags: string,
  more: Pick<ProductSeed, 'mealtime' | 'stock' | 'modifierGroups'> = {},
): ProductSeed {
  return {
    name,
    description,
    priceCents: Math.round(pesos * 100),
    makeSeconds,
    allergens: words(allergens),
    tags: words(tags),
    ...more,
  }
}
