import { defineErrors } from '@comanda/errors'

export const feedErrors = defineErrors({
  too_many_streams: { status: 429, title: 'You have too many streams open' },
})
