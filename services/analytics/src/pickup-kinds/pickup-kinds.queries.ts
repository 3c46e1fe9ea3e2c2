import { sql } from 'kysely'
import { days, type Numbers, share } from '../periods/numbers.ts'

export const pickupKindsNumbers: Numbers = sql`
  select coalesce(sum(asap), 0)::bigint as asap, coalesce(sum(placed) - sum(asap), 0)::bigint as slot,
    ${share(sql`sum(asap)`, sql`sum(placed)`)} as asap_share
  from ${days}`
