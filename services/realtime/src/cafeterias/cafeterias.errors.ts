import { defineErrors } from '@comanda/errors'

/** Clients get the code that the REST API answers in this case. */
export const cafeteriaErrors = defineErrors({
  cafeteria_not_found: { status: 404, title: 'Cafeteria not found' },
})
