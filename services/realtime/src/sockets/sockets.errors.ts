import { defineErrors } from '@comanda/errors'

export const socketErrors = defineErrors({
  too_many_connections: { status: 429, title: 'You have too many connections' },
  too_many_subscriptions: { status: 429, title: 'This connection follows too much' },
  unknown_event: { status: 404, title: 'There is no event of this name in this namespace' },
  namespace_not_found: { status: 404, title: 'There is nothing in this namespace' },
})
