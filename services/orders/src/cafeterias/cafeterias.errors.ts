import { accessErrors } from '@comanda/access'
import { defineErrors } from '@comanda/errors'

export const cafeteriaErrors = {
  cafeteria_not_found: accessErrors.cafeteria_not_found,
  ...defineErrors({
    cafeteria_slug_taken: { status: 409, title: 'Another cafeteria has this slug' },
    time_zone_unknown: { status: 422, title: 'There is no such time zone' },
  }),
}
