import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { cachedList } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import {
  Category,
  CategoryChanges,
  CategoryList,
  CategoryParams,
  categorySchemas,
  ListCategories,
  NewCategory,
} from './categories.schema.ts'
import { changeCategory, createCategory, readCategories, removeCategory } from './categories.service.ts'

const tags = ['catalogue']

export async function categories(
  app: Service,
  { database, edit }: { database: Database; edit: EditCatalogue },
): Promise<void> {
  for (const schema of categorySchemas) app.addSchema(schema)

  app.get(
    '/v1/categories',
    {
      schema: {
        operationId: 'listCategories',
        summary: 'Categories, by position',
        tags,
        querystring: ListCategories,
        headers: ConsistencyHeaders,
        response: { 200: refTo(CategoryList) },
      },
      config: {
        access: 'public',
        cache: cachedList('long'),
        errors: ['unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => readCategories(database, request.query, readOptions(request)),
  )

  app.post(
    '/v1/categories',
    {
      schema: {
        operationId: 'createCategory',
        summary: 'Add a category to a cafeteria',
        tags,
        body: refTo(NewCategory),
        response: { 201: refTo(Category) },
      },
      config: { access: 'manager', errors: ['cafeteria_not_found', 'database_unavailable'] },
    },
    async (request, reply) => {
      reply.code(201)
      return createCategory(edit, editorOf(request), request.body)
    },
  )

  app.patch(
    '/v1/categories/:categoryId',
    {
      schema: {
        operationId: 'updateCategory',
        summary: 'Change a category',
        tags,
        params: CategoryParams,
        body: refTo(CategoryChanges),
        response: { 200: refTo(Category) },
      },
      config: { access: 'manager', errors: ['category_not_found', 'database_unavailable'] },
    },
    (request) => changeCategory(edit, editorOf(request), request.params.categoryId, request.body),
  )

  app.delete(
    '/v1/categories/:categoryId',
    {
      schema: {
        operationId: 'deleteCategory',
        summary: 'Delete a category without products',
        tags,
        params: CategoryParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: ['category_not_found', 'category_not_empty', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      await removeCategory(edit, editorOf(request), request.params.categoryId)
      reply.code(204)
    },
  )
}
