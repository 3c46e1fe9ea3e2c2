import type { Database } from '@comanda/database'
import { callerOf, refTo, type Service } from '@comanda/service'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { AuditLogList, auditLogSchemas, ListAuditLog } from './audit-log.schema.ts'
import { readAuditLog } from './audit-log.service.ts'

export async function auditLog(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of auditLogSchemas) app.addSchema(schema)

  app.get(
    '/v1/audit-log',
    {
      schema: {
        operationId: 'listAuditLog',
        summary: 'Who changed what, newest first',
        description:
          'Administrators read all of it, managers what was done at the cafeterias that they manage. Entries are never changed or deleted.',
        tags: ['audit'],
        querystring: ListAuditLog,
        headers: ConsistencyHeaders,
        response: { 200: refTo(AuditLogList) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => readAuditLog(database, callerOf(request), request.query, readOptions(request)),
  )
}
