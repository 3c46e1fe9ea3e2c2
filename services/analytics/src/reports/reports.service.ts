import { accessErrors, type Caller, manages } from '@comanda/access'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database, Schema } from '@comanda/database'
import { validationFailed } from '@comanda/service'
import type { Kysely } from 'kysely'
import { caughtUpAt } from '../periods/as-of.ts'
import { refuseDays } from '../periods/periods.service.ts'
import { readFromReplica } from '../periods/read-from-replica.ts'
import { digitsOf, headerOf } from './csv-cells.ts'
import { beginFile } from './csv-file.ts'
import { orderColumns, readOrdersPage } from './orders-export.queries.ts'
import type { Report } from './report.ts'
import {
  type CafeteriaOfReport,
  type Days,
  fileColumns,
  findCafeteria,
  listRows,
  readAsOf,
  readReportPage,
} from './reports.queries.ts'
import { mostDays, mostRows, type ReportQuery } from './reports.schema.ts'

/** How many periods of a report are read at once for a file. */
const periodsOfPage = 31

export interface ReportDependencies {
  database: Database
  revocations: Pick<SessionRevocations, 'has' | 'hasOldRoles'>
}

/** Who asks, where they are answered from, and when they have left. */
export interface Asking extends ReportDependencies {
  caller: Caller
  signal: AbortSignal
}

/**
 * Answers a report.
 * @throws AppError cafeteria_not_found, validation_failed for days that are none or too many, database_unavailable, handler_timeout
 */
export async function answerReport(asking: Asking, report: Report, query: ReportQuery) {
  const { database, caller } = asking
  const days = ownDays(caller, query)
  return readForReport(asking, async (db) => {
    const { timeZone, currency, asOf } = await getCafeteria(db, days, caughtUpAt(database))
    const periods = { ...days, by: query.by, after: null, periods: mostDays }
    const rows = await listRows(db, report, periods, mostRows + 1)
    if (rows.length > mostRows)
      throw validationFailed([
        { field: 'by', message: `makes more than ${mostRows} rows: ask for fewer days, or for a file` },
      ])
    return { timeZone, currency, asOf, ...days, by: query.by, rows }
  })
}

/** Begins the file of a report; fails as `answerReport` does. */
export async function beginReportFile(asking: Asking, report: Report, query: ReportQuery) {
  const { database, caller } = asking
  const days = ownDays(caller, query)
  const { currency } = await readForReport(asking, (db) => getCafeteria(db, days, caughtUpAt(database)))
  const money = { currency, digits: digitsOf(currency) }
  return beginFile(headerOf(fileColumns(report)), (after) =>
    readForReport(asking, (db) => {
      const periods = { ...days, by: query.by, after, periods: periodsOfPage }
      return readReportPage(db, report, periods, money, caughtUpAt(database))
    }),
  )
}

/** Begins the file of all orders that were made on some days; fails as `answerReport` does. */
export async function beginOrdersFile(asking: Asking, query: Days) {
  const { database, caller } = asking
  const days = ownDays(caller, query)
  const { currency, timeZone } = await readForReport(asking, (db) =>
    getCafeteria(db, days, caughtUpAt(database)),
  )
  const digits = digitsOf(currency)
  return beginFile(headerOf(orderColumns), (after) =>
    readForReport(asking, async (db) => {
      const asOf = await readAsOf(db, caughtUpAt(database))
      return { asOf, ...(await readOrdersPage(db, days, { timeZone, digits, after })) }
    }),
  )
}

/**
 * Reads a part of an answer. A file may take hours, during which its reader's session may end or their role be taken away.
 * @throws AppError session_revoked, access_token_expired, and as `readFromReplica` does
 */
function readForReport<T>(
  { database, caller, revocations, signal }: Asking,
  query: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (revocations.has(caller.sessionId)) throw accessErrors.session_revoked()
  if (revocations.hasOldRoles(caller)) throw accessErrors.access_token_expired()
  return readFromReplica(database, 'reports', query, { signal })
}

/** The days of a query about a cafeteria that the caller manages. To others it looks as if it did not exist. */
function ownDays(caller: Caller, { cafeteriaId, from, to }: Days): Days {
  const id = cafeteriaId.toLowerCase()
  if (!manages(caller, id)) throw accessErrors.cafeteria_not_found()
  return { cafeteriaId: id, from, to }
}

async function getCafeteria(db: Kysely<Schema>, days: Days, caughtUpAt: number): Promise<CafeteriaOfReport> {
  const cafeteria = await findCafeteria(db, days, caughtUpAt)
  if (cafeteria === undefined) throw accessErrors.cafeteria_not_found()
  refuseDays(cafeteria.days, mostDays)
  return cafeteria
}
