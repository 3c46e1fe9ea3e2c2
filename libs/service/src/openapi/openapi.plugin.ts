import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Pagination } from '../lists/list.schema.ts'
import { Problem } from '../problems/problem.ts'
import { docsPolicy } from '../security/helmet-options.ts'
import { describeOperation } from './describe-operation.ts'
import type { OpenApiDocument } from './openapi-document.ts'
import { tidyDocument } from './tidy-document.ts'

export interface OpenApiOptions {
  title: string
  version: string
  description?: string
  tags?: { name: string; description?: string }[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI 3.1 document of every registered route. Only after `ready()`. */
    openapi(): OpenApiDocument
  }
}

/** Makes the OpenAPI document from the schemas of the routes, and serves a readable page of it at `/docs`. */
async function openapi(app: FastifyInstance, { title, version, description, tags = [] }: OpenApiOptions) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, ...(description === undefined ? {} : { description }) },
      tags,
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: describeOperation(schema ?? {}, route), url }),
    transformObject: (document) =>
      tidyDocument((document as { openapiObject: OpenApiDocument }).openapiObject) as never,
    // Components are named by their $id instead of def-0, def-1.
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json.$id ?? `def-${at}`) },
  })
  app.addSchema(Problem)
  app.addSchema(Pagination)
  app.decorate('openapi', () => app.swagger() as unknown as OpenApiDocument)

  await app.register(async (docs) => {
    docs.internalRoutes = true
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: docsPolicy,
      uiConfig: {
        validatorUrl: null,
        deepLinking: true,
        displayOperationId: true,
        // The extensions say who may call, and how often.
        showExtensions: true,
        persistAuthorization: false,
      },
    })
  })
}

export const openapiPlugin = fp(openapi, {
  fastify: '5.x',
  name: 'comanda-openapi',
  dependencies: ['comanda-route-rules'],
})
