import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { editorOf } from '../audit/editor.ts'
import { cachedByCafeteria, cachedList } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import {
  Cafeteria,
  CafeteriaChanges,
  CafeteriaList,
  CafeteriaParams,
  cafeteriaSchemas,
  ListCafeterias,
  NewCafeteria,
  PauseCafeteriaBody,
} from './cafeterias.schema.ts'
import {
  changeCafeteria,
  createCafeteria,
  getCafeteria,
  pauseCafeteria,
  readCafeterias,
  resumeCafeteria,
} from './cafeterias.service.ts'

const tags = ['cafeterias']

export async function cafeterias(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of cafeteriaSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias',
    {
      schema: {
        operationId: 'listCafeterias',
        summary: 'Cafeterias, by name',
        tags,
        querystring: ListCafeterias,
        headers: ConsistencyHeaders,
        response: { 200: refTo(CafeteriaList) },
      },
      config: {
        access: 'public',
        cache: cachedList('day'),
        errors: ['unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    async (request) => {
      const { list, changesAt } = await readCafeterias(database, request.query, readOptions(request))
      request.changesAt = changesAt
      return list
    },
  )

  app.get(
    '/v1/cafeterias/:cafeteriaId',
    {
      schema: {
        operationId: 'getCafeteria',
        summary: 'One cafeteria',
        tags,
        params: CafeteriaParams,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Cafeteria) },
      },
      config: {
        access: 'public',
        cache: cachedByCafeteria('day'),
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    async (request) => {
      const { changesAt, ...cafeteria } = await getCafeteria(
        database,
        request.params.cafeteriaId,
        readOptions(request),
      )
      request.changesAt = changesAt
      return cafeteria
    },
  )

  app.post(
    '/v1/cafeterias',
    {
      schema: {
        operationId: 'createCafeteria',
        summary: 'Add a cafeteria, which stays closed until it gets hours',
        tags,
        body: refTo(NewCafeteria),
        response: { 201: refTo(Cafeteria) },
      },
      config: {
        access: 'admin',
        answerHeaders: ['location'],
        errors: ['cafeteria_slug_taken', 'time_zone_unknown', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const cafeteria = await createCafeteria(edit, editorOf(request), request.body)
      reply.code(201).header('location', `/v1/cafeterias/${cafeteria.id}`)
      return cafeteria
    },
  )

  app.patch(
    '/v1/cafeterias/:cafeteriaId',
    {
      schema: {
        operationId: 'updateCafeteria',
        summary: 'Change a cafeteria',
        description:
          'Slots to come follow at once. New capacity holds for all of them; those with reservations keep their length, and the time around them is filled with slots of the new one.',
        tags,
        params: CafeteriaParams,
        body: refTo(CafeteriaChanges),
        response: { 200: refTo(Cafeteria) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'time_zone_unknown', 'database_unavailable'],
      },
    },
    (request) => changeCafeteria(edit, editorOf(request), request.params.cafeteriaId, request.body),
  )

  app.post(
    '/v1/cafeterias/:cafeteriaId/pause',
    {
      schema: {
        operationId: 'pauseCafeteria',
        summary: 'Take no orders until resumed',
        tags,
        params: CafeteriaParams,
        body: PauseCafeteriaBody,
        response: { 200: refTo(Cafeteria) },
      },
      config: { access: 'manager', errors: ['cafeteria_not_found', 'database_unavailable'] },
    },
    (request) => pauseCafeteria(edit, editorOf(request), request.params.cafeteriaId, request.body?.reason),
  )

  app.post(
    '/v1/cafeterias/:cafeteriaId/resume',
    {
      schema: {
        operationId: 'resumeCafeteria',
        summary: 'Take orders again',
        tags,
        params: CafeteriaParams,
        response: { 200: refTo(Cafeteria) },
      },
      config: { access: 'manager', errors: ['cafeteria_not_found', 'database_unavailable'] },
    },
    (request) => resumeCafeteria(edit, editorOf(request), request.params.cafeteriaId),
  )
}
