import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { cachedList } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import {
  ListMealtimes,
  Mealtime,
  MealtimeChanges,
  MealtimeList,
  MealtimeParams,
  mealtimeSchemas,
  NewMealtime,
} from './mealtimes.schema.ts'
import { changeMealtime, createMealtime, readMealtimes, removeMealtime } from './mealtimes.service.ts'

const tags = ['catalogue']

export async function mealtimes(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of mealtimeSchemas) app.addSchema(schema)

  app.get(
    '/v1/mealtimes',
    {
      schema: {
        operationId: 'listMealtimes',
        summary: 'Mealtimes, by name',
        tags,
        querystring: ListMealtimes,
        headers: ConsistencyHeaders,
        response: { 200: refTo(MealtimeList) },
      },
      config: {
        access: 'public',
        cache: cachedList('day'),
        errors: ['unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => readMealtimes(database, request.query, readOptions(request)),
  )

  app.post(
    '/v1/mealtimes',
    {
      schema: {
        operationId: 'createMealtime',
        summary: 'Add a mealtime to a cafeteria',
        tags,
        body: refTo(NewMealtime),
        response: { 201: refTo(Mealtime) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'mealtime_invalid', 'mealtime_name_taken', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return createMealtime(edit, editorOf(request), request.body)
    },
  )

  app.patch(
    '/v1/mealtimes/:mealtimeId',
    {
      schema: {
        operationId: 'updateMealtime',
        summary: 'Change a mealtime',
        tags,
        params: MealtimeParams,
        body: refTo(MealtimeChanges),
        response: { 200: refTo(Mealtime) },
      },
      config: {
        access: 'manager',
        errors: ['mealtime_not_found', 'mealtime_invalid', 'mealtime_name_taken', 'database_unavailable'],
      },
    },
    (request) => changeMealtime(edit, editorOf(request), request.params.mealtimeId, request.body),
  )

  app.delete(
    '/v1/mealtimes/:mealtimeId',
    {
      schema: {
        operationId: 'deleteMealtime',
        summary: 'Delete a mealtime without products',
        tags,
        params: MealtimeParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: ['mealtime_not_found', 'mealtime_in_use', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      await removeMealtime(edit, editorOf(request), request.params.mealtimeId)
      reply.code(204)
    },
  )
}
