import { type Caller, manages } from '@comanda/access'
import type { Database } from '@comanda/database'
import { answerPeriods } from '../periods/periods.service.ts'
import { overviewNumbers } from './overview.queries.ts'
import type { Overview, OverviewQuery } from './overview.schema.ts'

/**
 * Answers the main numbers of several cafeterias: of those that are named, or of all that the caller manages. `changesAt` is when the day
 * ends at the first of them, null for given days.
 * @throws AppError validation_failed, database_unavailable
 */
export async function answerOverview(
  database: Database,
  caller: Caller,
  { cafeteriaIds, ...query }: OverviewQuery,
): Promise<{ answer: Overview; changesAt: string | null }> {
  const ids = cafeteriaIds?.split(',') ?? managedBy(caller)
  const answered = await answerPeriods(database, ids, query, overviewNumbers)
  const data = answered.map(({ answer: { asOf: _, ...cafeteria } }) => cafeteria)
  const answer = { asOf: answered[0]?.answer.asOf ?? null, data } as Overview
  return { answer, changesAt: earliest(answered.flatMap(({ changesAt }) => changesAt ?? [])) }
}

const earliest = (instants: readonly string[]) =>
  instants.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null

/** The cafeterias that the caller manages; undefined for an administrator, who manages all. */
function managedBy(caller: Caller): string[] | undefined {
  if (caller.role === 'admin') return undefined
  return Object.keys(caller.memberships).filter((cafeteriaId) => manages(caller, cafeteriaId))
}
