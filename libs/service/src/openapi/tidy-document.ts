import { STATUS_CODES } from 'node:http'
import { problemMediaType } from '../problems/problem.ts'
import { commaSeparatedKeyword } from '../validation/comma-separated.ts'
import type {
  DocumentSchema,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from './openapi-document.ts'
import { shareResponses } from './shared-responses.ts'

/** A copy of the generated document that says in OpenAPI's own words what JSON Schema says in its, and nothing twice. */
export function tidyDocument(generated: OpenApiDocument): OpenApiDocument {
  const document = withEnums(generated) as OpenApiDocument
  const { schemas } = document.components
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses))
      operation.responses[status] = tidyResponse(status, response, schemas)
    operation.parameters?.forEach(listParameter)
    describeOptionalBody(operation)
  }
  return shareResponses(document)
}

function tidyResponse(
  status: string,
  response: OpenApiResponse,
  schemas: Record<string, DocumentSchema>,
): OpenApiResponse {
  const problem = response.content?.[problemMediaType]
  const codes = problem?.['x-error-codes']
  if (problem !== undefined) delete problem['x-error-codes']
  return {
    ...response,
    description: describeResponse(status, response, schemas),
    ...(codes === undefined ? {} : { 'x-error-codes': codes }),
  }
}

/** Text with commas, which the handler takes apart, is a list to whoever writes it. */
function listParameter(parameter: OpenApiParameter): void {
  const items = (parameter.schema as Record<string, DocumentSchema>)[commaSeparatedKeyword]
  if (items === undefined) return
  parameter.schema = { type: 'array', items }
  parameter.style = 'form'
  parameter.explode = false
}

/** Where a route describes no response of its own, the generator says what its schema is, or nothing: the status is better. */
function describeResponse(
  status: string,
  { description, content }: OpenApiResponse,
  schemas: Record<string, DocumentSchema>,
): string {
  const { $ref } = content?.['application/json']?.schema ?? {}
  const component = $ref === undefined ? undefined : schemas[$ref.replace('#/components/schemas/', '')]
  if (
    description !== undefined &&
    description !== 'Default Response' &&
    description !== component?.description
  )
    return description
  return STATUS_CODES[status] ?? `Status ${status}`
}

/** Fastify validates an absent body as null, so a schema lets null through where OpenAPI has `required`. */
function describeOptionalBody(operation: OpenApiOperation): void {
  const media = operation.requestBody?.content['application/json']
  const choices = media?.schema.anyOf ?? []
  const [schema, ...others] = choices.filter(({ type }) => type !== 'null')
  if (media === undefined || schema === undefined || others.length > 0 || choices.length < 2) return
  const isEmpty = schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0
  if (isEmpty) delete operation.requestBody
  else {
    delete operation.requestBody?.required
    media.schema = schema
  }
}

/** A copy in which a choice between literals is an enum with a type, as generators of clients expect. */
function withEnums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withEnums)
  if (value === null || typeof value !== 'object') return value
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withEnums(member)]),
  ) as DocumentSchema
  const { anyOf, ...rest } = copy
  if (Array.isArray(anyOf) && anyOf.every((choice) => isLiteral(choice, anyOf[0]?.type)))
    return { type: anyOf[0]?.type, ...rest, enum: anyOf.flatMap((choice) => choice.enum) }
  if (copy.type === undefined && copy.enum?.every((member) => typeof member === 'string'))
    return { type: 'string', ...copy }
  return copy
}

function isLiteral(choice: DocumentSchema, type: string | undefined): boolean {
  return (
    type !== undefined &&
    choice.type === type &&
    choice.enum?.length === 1 &&
    Object.keys(choice).length === 2
  )
}
