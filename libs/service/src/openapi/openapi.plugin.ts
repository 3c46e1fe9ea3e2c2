import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../problems/problem.ts'
import { docsPolicy } from '../security/security-headers.ts'
import { describeOperation } from './describe-operation.ts'

export interface OpenApiOptions {
  title: string
  version: string
  description?: string
  tags?: { name: string; description?: string }[]
}

/** As much of an OpenAPI 3.1 document as its readers here need. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}

export interface OpenApiOperation {
  operationId: string
  summary: string
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
  security?: Record<string, string[]>[]
  'x-access'?: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI 3.1 document of every registered route. Only after `ready()`. */
    openapi(): OpenApiDocument
  }
}

/** PLAT-9: the document from the schemas, and a readable page of it at `/docs`. */
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
      nameResponses((document as { openapiObject: OpenApiDocument }).openapiObject) as never,
    // Components are named by their $id instead of def-0, def-1.
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json.$id ?? `def-${at}`) },
  })
  app.addSchema(Problem)
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
        persistAuthorization: false,
      },
    })
  })
}

/** OpenAPI wants a description of every response; where the route gives none, the name of its status will do. */
function nameResponses(document: OpenApiDocument): OpenApiDocument {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (response.description === 'Default Response')
        response.description = STATUS_CODES[status] ?? `Status ${status}`
    }
  }
  return document
}

export const openapiPlugin = fp(openapi, {
  fastify: '5.x',
  name: 'comanda-openapi',
  dependencies: ['comanda-route-rules'],
})
