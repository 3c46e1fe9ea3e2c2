import { defineErrors } from '@comanda/errors'

export const cafeteriaErrors = defineErrors({
  cafeteria_not_found: { status: 404, title: 'There is no such cafeteria' },
  cafeteria_slug_taken: { status: 409, title: 'Another cafeteria has this slug' },
  time_zone_unknown: { status: 422, title: 'There is no such time zone' },
})
