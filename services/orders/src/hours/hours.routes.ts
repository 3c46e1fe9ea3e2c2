import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { editorOf } from '../audit/editor.ts'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { cachedByCafeteria } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { Hours, hoursSchemas, NewHours } from './hours.schema.ts'
import { getHours, setHours } from './hours.service.ts'

const tags = ['cafeterias']

export async function hours(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of hoursSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias/:cafeteriaId/hours',
    {
      schema: {
        operationId: 'getHours',
        summary: 'Weekly hours, coming exceptions, and whether it is open now',
        tags,
        params: CafeteriaParams,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Hours) },
      },
      config: {
        access: 'public',
        cache: cachedByCafeteria('veryLong'),
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    async (request) => {
      const { changesAt, ...hours } = await getHours(
        database,
        request.params.cafeteriaId,
        readOptions(request),
      )
      request.changesAt = changesAt
      return hours
    },
  )

  app.put(
    '/v1/cafeterias/:cafeteriaId/hours',
    {
      schema: {
        operationId: 'replaceHours',
        summary: 'Replace the weekly hours; slots to come follow',
        tags,
        params: CafeteriaParams,
        body: refTo(NewHours),
        response: { 200: refTo(Hours) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'hours_invalid', 'hours_overlap', 'database_unavailable'],
      },
    },
    (request) => setHours(edit, editorOf(request), request.params.cafeteriaId, request.body),
  )
}
