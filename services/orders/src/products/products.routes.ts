import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import { refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { cachedStockList } from '../catalogue/cached-catalogue.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { SetAvailability } from './availability.ts'
import {
  ListProducts,
  NewProduct,
  Product,
  ProductChanges,
  ProductList,
  ProductParams,
  productSchemas,
} from './products.schema.ts'
import {
  changeProduct,
  createProduct,
  getProduct,
  readProducts,
  removeProduct,
  setAvailability,
} from './products.service.ts'

const tags = ['catalogue']
const referenceErrors = ['category_unknown', 'mealtime_unknown', 'modifier_group_unknown']

export interface ProductsDependencies {
  database: Database
  edit: EditCatalogue
  changes: CatalogueChanges
}

export async function products(
  app: Service,
  { database, edit, changes }: ProductsDependencies,
): Promise<void> {
  for (const schema of productSchemas) app.addSchema(schema)

  app.get(
    '/v1/products',
    {
      schema: {
        operationId: 'listProducts',
        summary: 'Products, by position',
        tags,
        querystring: ListProducts,
        headers: ConsistencyHeaders,
        response: { 200: refTo(ProductList) },
      },
      config: {
        access: 'public',
        cache: cachedStockList('day'),
        errors: ['unknown_field', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => readProducts(database, request.query, readOptions(request)),
  )

  app.get(
    '/v1/products/:productId',
    {
      schema: {
        operationId: 'getProduct',
        summary: 'One product',
        tags,
        params: ProductParams,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Product) },
      },
      config: {
        access: 'public',
        cache: { ttl: 'day', tags: () => [cacheTags.everyCatalogue, cacheTags.everyStock] },
        errors: ['product_not_found', 'database_unavailable'],
      },
    },
    (request) => getProduct(database, request.params.productId, readOptions(request)),
  )

  app.post(
    '/v1/products',
    {
      schema: {
        operationId: 'createProduct',
        summary: 'Add a product to a cafeteria',
        description: 'In stock and not counted unless `availability` says otherwise.',
        tags,
        body: refTo(NewProduct),
        response: { 201: refTo(Product) },
      },
      config: {
        access: 'manager',
        answerHeaders: ['location'],
        errors: ['cafeteria_not_found', ...referenceErrors, 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const product = await createProduct(edit, editorOf(request), request.body)
      reply.code(201).header('location', `/v1/products/${product.id}`)
      return product
    },
  )

  app.patch(
    '/v1/products/:productId',
    {
      schema: {
        operationId: 'updateProduct',
        summary: 'Change a product; orders that have it keep what they paid',
        tags,
        params: ProductParams,
        body: refTo(ProductChanges),
        response: { 200: refTo(Product) },
      },
      config: {
        access: 'manager',
        errors: ['product_not_found', ...referenceErrors, 'database_unavailable'],
      },
    },
    (request) => changeProduct(edit, editorOf(request), request.params.productId, request.body),
  )

  app.put(
    '/v1/products/:productId/availability',
    {
      schema: {
        operationId: 'setAvailability',
        summary: 'In stock, out of stock, or how many are left',
        tags,
        params: ProductParams,
        body: refTo(SetAvailability),
        response: { 200: refTo(Product) },
      },
      config: { access: 'staff', errors: ['product_not_found', 'database_unavailable'] },
    },
    (request) =>
      setAvailability({ database, changes }, editorOf(request), request.params.productId, request.body),
  )

  app.delete(
    '/v1/products/:productId',
    {
      schema: {
        operationId: 'deleteProduct',
        summary: 'Delete a product; orders that have it keep it',
        tags,
        params: ProductParams,
        response: { 204: Type.Null() },
      },
      config: { access: 'manager', errors: ['product_not_found', 'database_unavailable'] },
    },
    async (request, reply) => {
      await removeProduct(edit, editorOf(request), request.params.productId)
      reply.code(204)
    },
  )
}
