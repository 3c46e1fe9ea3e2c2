import { defineErrors } from '@comanda/errors'

/** The errors of hours, both those of the week and those of an exceptional date. */
export const hoursErrors = defineErrors({
  hours_invalid: { status: 422, title: 'Hours must open and close at different times' },
  hours_overlap: { status: 422, title: 'Hours overlap' },
})
