import { defineErrors } from '@comanda/errors'

/** The same code as over REST. */
export const cafeteriaErrors = defineErrors({
  cafeteria_not_found: { status: 404, title: 'Cafeteria not found' },
})
