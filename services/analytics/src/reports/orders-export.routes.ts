import { callerOf, type Service } from '@comanda/service'
import { csvType } from './csv-cells.ts'
import { CsvFile, ExportQuery } from './reports.schema.ts'
import { beginOrdersFile, type ReportDependencies } from './reports.service.ts'
import { sendFile } from './send-file.ts'

/** Registers the file of all orders. */
export function ordersExport(app: Service, dependencies: ReportDependencies, url: string): void {
  app.get(
    url,
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportOrders',
        summary: 'All orders that were made on some days, as a file with a line for each',
        description:
          'Whatever became of them: `status` is what it is now. Moments have the offset of the cafeteria’s time zone, amounts are decimal numbers of `currency`, and `refunded` is what went back since.',
        tags: ['reports'],
        querystring: ExportQuery,
        response: { 200: { description: 'The file', content: { [csvType]: { schema: CsvFile } } } },
      },
      config: {
        access: 'manager',
        limit: 'reports',
        errors: ['cafeteria_not_found', 'database_unavailable'],
        streams: true,
      },
    },
    (request, reply) => {
      const { query } = request
      const caller = callerOf(request)
      return sendFile(reply, `orders-${query.from}-${query.to}`, (signal) =>
        beginOrdersFile({ ...dependencies, caller, signal }, query),
      ) as Promise<never>
    },
  )
}
