import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { cachedByCafeteria } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import {
  ListScheduleExceptions,
  NewScheduleException,
  ScheduleException,
  ScheduleExceptionList,
  ScheduleExceptionParams,
  scheduleExceptionSchemas,
} from './schedule-exceptions.schema.ts'
import { createException, readExceptions, removeException } from './schedule-exceptions.service.ts'

const tags = ['cafeterias']

export async function scheduleExceptions(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of scheduleExceptionSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias/:cafeteriaId/schedule-exceptions',
    {
      schema: {
        operationId: 'listScheduleExceptions',
        summary: 'Dates that differ from the weekly hours, by date',
        tags,
        params: CafeteriaParams,
        querystring: ListScheduleExceptions,
        headers: ConsistencyHeaders,
        response: { 200: refTo(ScheduleExceptionList) },
      },
      config: {
        access: 'public',
        cache: cachedByCafeteria('veryLong'),
        errors: ['cafeteria_not_found', 'unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => readExceptions(database, request.params.cafeteriaId, request.query, readOptions(request)),
  )

  app.post(
    '/v1/cafeterias/:cafeteriaId/schedule-exceptions',
    {
      schema: {
        operationId: 'createScheduleException',
        summary: 'Make a date differ from the weekly hours; its slots follow',
        tags,
        params: CafeteriaParams,
        body: refTo(NewScheduleException),
        response: { 201: refTo(ScheduleException) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'hours_invalid', 'schedule_exception_exists', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return createException(edit, editorOf(request), request.params.cafeteriaId, request.body)
    },
  )

  app.delete(
    '/v1/cafeterias/:cafeteriaId/schedule-exceptions/:exceptionId',
    {
      schema: {
        operationId: 'deleteScheduleException',
        summary: 'Let a date follow the weekly hours again; its slots follow',
        tags,
        params: ScheduleExceptionParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'schedule_exception_not_found', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const { cafeteriaId, exceptionId } = request.params
      await removeException(edit, editorOf(request), cafeteriaId, exceptionId)
      reply.code(204)
    },
  )
}
