import { sql } from 'kysely'
import { paymentsNumbers } from '../payments/payments.queries.ts'
import { type Numbers, wholeRow } from '../periods/numbers.ts'
import { preparationNumbers } from '../preparation/preparation.queries.ts'
import { promisesNumbers } from '../promises/promises.queries.ts'
import { summaryNumbers } from '../summary/summary.queries.ts'

export const overviewNumbers: Numbers = sql`
  select ${wholeRow(summaryNumbers)} as summary, ${wholeRow(preparationNumbers)} as preparation,
    ${wholeRow(promisesNumbers)} as promises, ${wholeRow(paymentsNumbers)} as payments`
