import { defineErrors } from '@comanda/errors'

export const modifierGroupErrors = defineErrors({
  modifier_group_not_found: { status: 404, title: 'There is no such modifier group' },
  modifier_limits_invalid: {
    status: 422,
    title: 'No choice can satisfy the least and the most of the group',
  },
  modifier_of_another_group: { status: 422, title: 'The group has no such modifier' },
})
