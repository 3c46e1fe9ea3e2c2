import { defineErrors } from '@comanda/errors'

/** What is wrong with hours, be they those of the week or those of a date that differs from it. */
export const hoursErrors = defineErrors({
  hours_invalid: { status: 422, title: 'Closing must come after opening' },
  hours_overlap: { status: 422, title: 'Hours of the same day overlap' },
})
