import { defineErrors } from '@comanda/errors'

export const socketErrors = defineErrors({
  too_many_connections: { status: 429, title: 'You have too many connections' },
  too_many_subscriptions: { status: 429, title: 'This connection follows too much' },
  namespace_not_found: { status: 404, title: 'There is nothing in this namespace' },
})
