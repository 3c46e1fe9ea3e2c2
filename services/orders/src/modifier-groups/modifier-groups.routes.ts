import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { cachedList } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import {
  ListModifierGroups,
  ModifierGroup,
  ModifierGroupChanges,
  ModifierGroupList,
  ModifierGroupParams,
  modifierGroupSchemas,
  NewModifierGroup,
} from './modifier-groups.schema.ts'
import {
  changeModifierGroup,
  createModifierGroup,
  readModifierGroups,
  removeModifierGroup,
} from './modifier-groups.service.ts'

const tags = ['catalogue']

export async function modifierGroups(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of modifierGroupSchemas) app.addSchema(schema)

  app.get(
    '/v1/modifier-groups',
    {
      schema: {
        operationId: 'listModifierGroups',
        summary: 'Modifier groups, by name',
        tags,
        querystring: ListModifierGroups,
        headers: ConsistencyHeaders,
        response: { 200: refTo(ModifierGroupList) },
      },
      config: {
        access: 'public',
        cache: cachedList('day'),
        errors: ['unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => readModifierGroups(database, request.query, readOptions(request)),
  )

  app.post(
    '/v1/modifier-groups',
    {
      schema: {
        operationId: 'createModifierGroup',
        summary: 'Add a modifier group to a cafeteria',
        tags,
        body: refTo(NewModifierGroup),
        response: { 201: refTo(ModifierGroup) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'modifier_limits_invalid', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return createModifierGroup(edit, editorOf(request), request.body)
    },
  )

  app.patch(
    '/v1/modifier-groups/:modifierGroupId',
    {
      schema: {
        operationId: 'updateModifierGroup',
        summary: 'Change a modifier group',
        tags,
        params: ModifierGroupParams,
        body: refTo(ModifierGroupChanges),
        response: { 200: refTo(ModifierGroup) },
      },
      config: {
        access: 'manager',
        errors: [
          'modifier_group_not_found',
          'modifier_limits_invalid',
          'modifier_of_another_group',
          'database_unavailable',
        ],
      },
    },
    (request) => changeModifierGroup(edit, editorOf(request), request.params.modifierGroupId, request.body),
  )

  app.delete(
    '/v1/modifier-groups/:modifierGroupId',
    {
      schema: {
        operationId: 'deleteModifierGroup',
        summary: 'Delete a modifier group, with its modifiers and off its products',
        tags,
        params: ModifierGroupParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: ['modifier_group_not_found', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      await removeModifierGroup(edit, editorOf(request), request.params.modifierGroupId)
      reply.code(204)
    },
  )
}
