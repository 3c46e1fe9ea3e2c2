import { defineErrors } from '@comanda/errors'

export const feedErrors = defineErrors({
  feed_expired: {
    status: 410,
    title:
      'What came after this number is not kept any more; read the orders again and go on from the newest',
  },
  too_many_streams: { status: 429, title: 'You have too many streams open' },
})
