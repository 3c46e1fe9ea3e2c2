import { callerOf, clientSignal, refTo, type Service } from '@comanda/service'
import { csvType } from './csv-cells.ts'
import { csvConstraint } from './csv-constraint.ts'
import { noShows } from './no-shows.report.ts'
import { ordersExport } from './orders-export.routes.ts'
import { preparation } from './preparation.report.ts'
import { products } from './products.report.ts'
import { promises } from './promises.report.ts'
import { refunds } from './refunds.report.ts'
import type { Report } from './report.ts'
import { answerOf, CsvFile, ReportQuery } from './reports.schema.ts'
import { answerReport, beginReportFile, type ReportDependencies } from './reports.service.ts'
import { sales } from './sales.report.ts'
import { sendFile } from './send-file.ts'

const path = '/v1/reports/'
const files =
  'With `accept: text/csv` or `format=csv` the answer is a file for spreadsheets: amounts are decimal numbers there, whose column has no `Cents` in its name, beside a column `currency`.'
const config = {
  access: 'manager',
  limit: 'reports',
  errors: ['cafeteria_not_found', 'database_unavailable'],
} as const

/** Reports of a cafeteria to its managers, as JSON and as files. */
export function reports(app: Service, dependencies: ReportDependencies): void {
  app.addConstraintStrategy(csvConstraint(path))
  for (const report of [sales, products, preparation, promises, noShows, refunds])
    registerReport(app, dependencies, report)
  ordersExport(app, dependencies, `${path}orders`)
}

/** Registers two routes, because a file may take as long as its reader, which is no slow answer. */
function registerReport(app: Service, dependencies: ReportDependencies, report: Report): void {
  const { operationId, summary, answer, columns } = report
  const { Row, Answer } = answerOf(answer, columns)
  app.addSchema(Row)
  app.addSchema(Answer)
  const url = `${path}${report.path}`
  const schema = {
    operationId,
    summary,
    description: `${report.description} ${files}`,
    tags: ['reports'],
    querystring: ReportQuery,
  }
  const content = { 'application/json': { schema: refTo(Answer) }, [csvType]: { schema: CsvFile } }

  app.get(
    url,
    { schema: { ...schema, response: { 200: { description: 'The report', content } } }, config },
    async (request, reply) => {
      const asking = { ...dependencies, caller: callerOf(request), signal: clientSignal(reply) }
      reply.header('vary', 'accept')
      return answerReport(asking, report, request.query)
    },
  )

  app.get(
    url,
    {
      constraints: { file: csvType },
      exposeHeadRoute: false,
      schema: { ...schema, hide: true },
      config: { ...config, streams: true },
    },
    (request, reply) => {
      const { query } = request
      const caller = callerOf(request)
      return sendFile(reply, `${report.path}-${query.from}-${query.to}`, (signal) =>
        beginReportFile({ ...dependencies, caller, signal }, report, query),
      )
    },
  )
}
