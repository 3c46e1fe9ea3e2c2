import { defineErrors } from '@comanda/errors'

export const productErrors = defineErrors({
  product_not_found: { status: 404, title: 'There is no such product' },
  category_unknown: { status: 422, title: 'The cafeteria has no such category' },
  mealtime_unknown: { status: 422, title: 'The cafeteria has no such mealtime' },
  modifier_group_unknown: { status: 422, title: 'The cafeteria has no such modifier group' },
})
