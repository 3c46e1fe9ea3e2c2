import { defineErrors } from '@comanda/errors'

export const categoryErrors = defineErrors({
  category_not_found: { status: 404, title: 'There is no such category' },
  category_not_empty: { status: 409, title: 'The category still has products' },
})
