import { defineErrors } from '@comanda/errors'

export const scheduleExceptionErrors = defineErrors({
  schedule_exception_not_found: { status: 404, title: 'There is no such schedule exception' },
  schedule_exception_exists: { status: 409, title: 'This date has an exception already' },
})
