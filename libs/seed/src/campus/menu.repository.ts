import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { stableId } from '../stable-id.ts'
import type { CafeteriaSeed } from './menu.ts'

/**
 * Inserts the menu of a new cafeteria, the `number`-th from 1 on. Ids count on from its number times a thousand, positions
 * from a hundred per cafeteria, so that lists over all of them begin with the first.
 */
export async function insertMenu(
  db: Kysely<Schema>,
  cafeteriaId: string,
  number: number,
  seed: CafeteriaSeed,
): Promise<void> {
  const id = (kind: Parameters<typeof stableId>[0], index: number) =>
    stableId(kind, number * 1000 + index + 1)

  const firstPosition = (number - 1) * 100
  const mealtimes = Object.entries(seed.mealtimes ?? {}).map(([name, [starts, ends]], index) => ({
    id: id('mealtime', index),
    cafeteriaId,
    name,
    starts,
    ends,
  }))
  const groups = Object.entries(seed.modifierGroups).map(([name, group], index) => ({
    ...group,
    name,
    id: id('modifierGroup', index),
  }))
  const modifiers = groups.flatMap((group) =>
    group.options.map(([name, priceDeltaCents], position) => ({
      groupId: group.id,
      name,
      priceDeltaCents,
      position,
    })),
  )
  const categories = Object.entries(seed.categories).map(([name, products], position) => ({
    id: id('category', position),
    name,
    position: firstPosition + position,
    products,
  }))
  const products = categories.flatMap(({ id: categoryId, products }) =>
    products.map((product, position) => ({
      ...product,
      categoryId,
      position: firstPosition + position,
    })),
  )

  if (mealtimes.length > 0) await db.insertInto('mealtimes').values(mealtimes).execute()
  await db
    .insertInto('modifierGroups')
    .values(
      groups.map(({ id, name, least, most }) => ({
        id,
        cafeteriaId,
        name,
        minSelect: least,
        maxSelect: most,
      })),
    )
    .execute()
  await db
    .insertInto('modifiers')
    .values(modifiers.map((modifier, index) => ({ id: id('modifier', index), ...modifier })))
    .execute()
  await db
    .insertInto('categories')
    .values(categories.map(({ id, name, position }) => ({ id, cafeteriaId, name, position })))
    .execute()
  await db
    .insertInto('products')
    .values(
      products.map(({ tags, stock, mealtime, modifierGroups: _, ...product }, index) => ({
        id: id('product', index),
        cafeteriaId,
        ...product,
        dietaryTags: tags,
        stockQuantity: stock ?? null,
        mealtimeId: mealtimes.find(({ name }) => name === mealtime)?.id ?? null,
      })),
    )
    .execute()
  await db
    .insertInto('productModifierGroups')
    .values(
      products.flatMap(({ modifierGroups = [] }, index) =>
        modifierGroups.map((name, position) => {
          const group = groups.find((group) => group.name === name)
          if (!group) throw new Error(`the menu of ${seed.slug} has no modifier group "${name}"`)
          return { productId: id('product', index), groupId: group.id, position }
        }),
      ),
    )
    .execute()
}
