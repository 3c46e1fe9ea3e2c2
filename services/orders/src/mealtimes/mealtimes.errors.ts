import { defineErrors } from '@comanda/errors'

export const mealtimeErrors = defineErrors({
  mealtime_not_found: { status: 404, title: 'There is no such mealtime' },
  mealtime_name_taken: { status: 409, title: 'The cafeteria has a mealtime of this name' },
  mealtime_in_use: { status: 409, title: 'Products are served at this mealtime' },
  mealtime_invalid: { status: 422, title: 'A mealtime must start and end at different times' },
})
