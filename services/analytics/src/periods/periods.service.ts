import { accessErrors } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import { AppError } from '@comanda/errors'
import { validationFailed } from '@comanda/service'
import { caughtUpAt } from './as-of.ts'
import type { Numbers } from './numbers.ts'
import { type Comparison, mostDays as mostDaysOfAll, type PeriodQuery } from './period.schema.ts'
import { listPeriods, type PeriodRow } from './periods.queries.ts'
import { readFromReplica } from './read-from-replica.ts'

export interface AnsweredPeriod {
  /** What is said of the cafeteria, its days, their numbers, and those of other days by the name of the comparison. */
  answer: Record<string, unknown> & Pick<PeriodRow, 'cafeteriaId' | 'name' | 'asOf'>
  /** When the same question has another answer, whatever happens: null for given days, unless the replica lags. */
  changesAt: string | null
}

export interface AnswerOptions {
  /** How many days one question may be about. */
  mostDays?: number | undefined
  /**
   * The position that a replica should have replayed. Where all of them lag, one answers all the same with what it has, and `changesAt`
   * is a second ahead, so that the answer is not kept for long.
   */
  after?: string
}

/**
 * Answers what one select says of the days of cafeterias, and of the days with which they are compared, from a replica and in one
 * statement. Cafeterias that do not exist are left out.
 * @param cafeteriaIds undefined for all of them
 * @throws AppError validation_failed for days that are none or too many, database_unavailable when no replica answers, handler_timeout when
 * it takes too long
 */
export async function answerPeriods(
  database: Database,
  cafeteriaIds: readonly string[] | undefined,
  { from, to, compare }: PeriodQuery,
  numbers: Numbers,
  { mostDays = mostDaysOfAll, after = '' }: AnswerOptions = {},
): Promise<AnsweredPeriod[]> {
  const question = {
    cafeteriaIds,
    from,
    to,
    compare: (compare?.split(',') ?? []) as Comparison[],
    mostDays,
    caughtUpAt: caughtUpAt(database),
  }
  const read = (options: ReadOptions) =>
    readFromReplica(database, 'analytics', (db) => listPeriods(db, question, numbers), options)
  const caughtUp = after === '' ? null : await read({ after }).catch(unlessBehind)
  const rows = caughtUp ?? (await read({}))
  for (const { days } of rows) refuseDays(days, mostDays)
  const given = from !== undefined && to !== undefined
  const isOld = after !== '' && caughtUp === null
  return [...Map.groupBy(rows, ({ cafeteriaId }) => cafeteriaId).values()].map((ofCafeteria) => ({
    answer: answerOf(ofCafeteria),
    changesAt: isOld ? soon() : given ? null : (ofCafeteria[0] as PeriodRow).tomorrow,
  }))
}

/**
 * Answers as `answerPeriods` does, of one cafeteria.
 * @throws AppError cafeteria_not_found, and as `answerPeriods` does
 */
export async function answerPeriod(
  database: Database,
  cafeteriaId: string,
  query: PeriodQuery,
  numbers: Numbers,
  options?: AnswerOptions,
): Promise<AnsweredPeriod> {
  const [answered] = await answerPeriods(database, [cafeteriaId], query, numbers, options)
  if (answered === undefined) throw accessErrors.cafeteria_not_found()
  return answered
}

/** Answers null when no replica could answer in time with the position replayed. */
function unlessBehind(error: unknown): null {
  if (error instanceof AppError && error.code === 'database_unavailable') return null
  throw error
}

const soon = () => new Date(Date.now() + 1000).toISOString()

function answerOf(rows: readonly PeriodRow[]): AnsweredPeriod['answer'] {
  const [asked] = rows.filter(({ range }) => range === 'asked') as [PeriodRow]
  const { cafeteriaId, name, timeZone, currency, asOf } = asked
  const others = rows.filter((row) => row !== asked).map((row) => [row.range, daysOf(row)] as const)
  const compared: Record<string, unknown> = Object.fromEntries(others)
  return { cafeteriaId, name, timeZone, currency, asOf, ...daysOf(asked), ...compared }
}

const daysOf = ({ from, to, numbers }: PeriodRow) => ({ from, to, ...(numbers as object) })

/** @throws AppError validation_failed for days that are none or too many */
export function refuseDays(days: number, mostDays: number): void {
  if (days < 1) throw validationFailed([{ field: 'to', message: 'must not be before `from`' }])
  if (days > mostDays)
    throw validationFailed([{ field: 'to', message: `must be at most ${mostDays - 1} days after \`from\`` }])
}
