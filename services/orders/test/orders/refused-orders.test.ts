import t from 'tap'
import { addCafeteria, addModifierGroup, addProduct, addSlot } from '../builders.ts'
import { type CampusApp, startCampusApp } from './campus-app.ts'
import { traces } from './traces.ts'

interface Refusal {
  status: number
  code: string
  extra?: object
  body: (campus: CampusApp) => object | Promise<object>
}

const line = (productId: string, rest: object = {}) => ({ items: [{ productId, quantity: 1, ...rest }] })
const uuid = '01900000-0000-7000-8000-000000000000'

const refusals: Record<string, Refusal> = {
  'an unknown cafeteria': { status: 422, code: 'cafeteria_unknown', body: () => ({ cafeteriaId: uuid }) },
  'a paused cafeteria': {
    status: 409,
    code: 'cafeteria_paused',
    extra: { reason: 'out of gas' },
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, {
        pausedAt: new Date().toISOString(),
        pauseReason: 'out of gas',
      })
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'a closed cafeteria': {
    status: 409,
    code: 'cafeteria_closed',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary)
      await database.primary.deleteFrom('openingHours').where('cafeteriaId', '=', cafeteria.id).execute()
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'an unknown slot': { status: 422, code: 'slot_unknown', body: () => ({ slotId: uuid, pickup: undefined }) },
  'a slot of another cafeteria': {
    status: 422,
    code: 'slot_unknown',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotDays: null })
      const slot = await addSlot(database.primary, { cafeteriaId: cafeteria.id })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot that is over': {
    status: 409,
    code: 'slot_closed',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2020-01-01T00:00:01+00:00',
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot without a place': {
    status: 409,
    code: 'slot_full',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T00:00:01+00:00',
        capacityOrders: 0,
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot without the time to make it': {
    status: 409,
    code: 'slot_full',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T00:00:02+00:00',
        capacityMakeSeconds: 59,
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'no slot with room at all': {
    status: 409,
    code: 'no_slot_available',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotCapacityOrders: 0 })
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'an unknown product': {
    status: 422,
    code: 'product_unknown',
    extra: { line: 0, productId: uuid },
    body: () => line(uuid),
  },
  'a product of another cafeteria': {
    status: 422,
    code: 'product_unknown',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotDays: null })
      return line((await addProduct(database.primary, { cafeteriaId: cafeteria.id })).id)
    },
  },
  'a deleted product': {
    status: 422,
    code: 'product_unknown',
    body: async ({ database, campus }) =>
      line(
        (
          await addProduct(database.primary, {
            cafeteriaId: campus.cafeteria.id,
            deletedAt: new Date().toISOString(),
          })
        ).id,
      ),
  },
  'a product that is out of stock': {
    status: 409,
    code: 'product_unavailable',
    body: async ({ database, campus }) =>
      line((await addProduct(database.primary, { cafeteriaId: campus.cafeteria.id, available: false })).id),
  },
  'more of a product than there is, over two lines': {
    status: 409,
    code: 'product_unavailable',
    extra: { availableQuantity: 3 },
    body: async ({ database, campus }) => {
      const product = await addProduct(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        stockQuantity: 3,
      })
      return { items: [1, 2].map(() => ({ productId: product.id, quantity: 2 })) }
    },
  },
  'a product outside its mealtime': {
    status: 409,
    code: 'product_not_served',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T18:00:01+00:00',
      })
      const breakfast = await database.primary
        .insertInto('mealtimes')
        .values({ cafeteriaId: campus.cafeteria.id, name: 'Breakfast', starts: '07:00', ends: '11:00' })
        .returning('id')
        .executeTakeFirstOrThrow()
      const product = await addProduct(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        mealtimeId: breakfast.id,
      })
      return { ...line(product.id), slotId: slot.id, pickup: undefined }
    },
  },
  'a modifier of another product': {
    status: 422,
    code: 'modifier_unknown',
    body: async ({ database, campus }) => {
      const group = await addModifierGroup(database.primary, { cafeteriaId: campus.cafeteria.id })
      return line(campus.product.id, { modifierIds: [group.modifiers[0]?.id] })
    },
  },
  'too few modifiers of a group': {
    status: 422,
    code: 'modifier_choice_invalid',
    extra: { group: 'Size', minSelect: 1, maxSelect: 1 },
    body: async ({ database, campus: { cafeteria } }) => {
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      await addModifierGroup(database.primary, {
        cafeteriaId: cafeteria.id,
        name: 'Size',
        minSelect: 1,
        productIds: [product.id],
      })
      return line(product.id)
    },
  },
  'too many modifiers of a group': {
    status: 422,
    code: 'modifier_choice_invalid',
    body: async ({ database, campus: { cafeteria } }) => {
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      const group = await addModifierGroup(database.primary, {
        cafeteriaId: cafeteria.id,
        productIds: [product.id],
      })
      return line(product.id, { modifierIds: group.modifiers.map(({ id }) => id) })
    },
  },
  'a changed price': {
    status: 409,
    code: 'price_changed',
    extra: { totalCents: 4500 },
    body: () => ({ expectedTotalCents: 4400 }),
  },
  'too little in the wallet': {
    status: 402,
    code: 'insufficient_balance',
    extra: { balanceCents: 100_000, totalCents: 135_000 },
    body: ({ campus }) => line(campus.product.id, { quantity: 30 }),
  },
}

t.test('what cannot be ordered is refused with a code and leaves no trace', async (t) => {
  const campus = await startCampusApp(t)
  for (const [name, { status, code, extra = {}, body }] of Object.entries(refusals)) {
    await t.test(name, async (t) => {
      const order = await body(campus)
      const before = await traces(campus)
      const answer = await campus.place(order, { key: name })
      t.match(answer, { status, body: { status, code, requestId: String, ...extra } })
      t.match(answer.headers['content-type'], 'application/problem+json')
      t.strictSame(await traces(campus), before)
    })
  }
})
