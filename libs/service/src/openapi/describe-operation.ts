import { describeError, type ErrorDescription } from '@comanda/errors'
import type { FastifyContextConfig, FastifySchema, RouteOptions } from 'fastify'
import { problemMediaType } from '../problems/problem.ts'
import { closedSchema } from '../validation/closed-schema.ts'

/** A route's schema as the OpenAPI document should tell it: who may call, and every code it may answer with. */
export function describeOperation(schema: FastifySchema, route: RouteOptions): FastifySchema {
  if (schema.hide) return schema
  const config = route.config ?? {}
  const access = config.access ?? 'public'
  const described: Record<string, unknown> = { ...schema, 'x-access': access }
  described.security = access === 'public' ? [] : [{ bearer: [] }]
  if (config.limit !== 'none') described['x-rate-limit'] = config.limit
  if (isInline(schema.body)) described.body = closedSchema(schema.body)
  described.response = { ...problemResponses(errorsOf(schema, config)), ...(schema.response as object) }
  return described
}

/** Of libs/access, which checks tokens for the service. */
const tokenErrors = [
  'access_token_missing',
  'access_token_invalid',
  'access_token_expired',
  'session_revoked',
]

function isInline(schema: unknown): boolean {
  return schema !== null && typeof schema === 'object' && !('$ref' in schema)
}

/** The codes that follow from the declaration, then those that the route lists. */
function errorsOf(
  schema: FastifySchema,
  { access, limit, errors = [] }: FastifyContextConfig,
): ErrorDescription[] {
  const codes = new Set<string>()
  if (schema.body || schema.querystring || schema.params || schema.headers) codes.add('validation_failed')
  if (schema.body)
    for (const code of ['malformed_json', 'body_too_large', 'unsupported_media_type']) codes.add(code)
  if (access !== 'public') {
    for (const code of tokenErrors) codes.add(code)
  }
  if (access !== 'public' && access !== 'authenticated') codes.add('forbidden_role')
  if (limit !== 'none') codes.add('rate_limited').add('overloaded').add('handler_timeout')
  for (const code of errors) codes.add(code)
  codes.add('internal_error')
  return [...codes].flatMap((code) => describeError(code) ?? [])
}

function problemResponses(errors: readonly ErrorDescription[]): Record<number, object> {
  const byStatus = Map.groupBy(errors, (error) => error.status)
  const entries = [...byStatus].toSorted(([a], [b]) => a - b)
  return Object.fromEntries(entries.map(([status, errors]) => [status, problemResponse(errors)]))
}

function problemResponse(errors: readonly ErrorDescription[]): object {
  const lines = errors.map(({ code, title }) => `- \`${code}\`: ${title}`)
  const [only] = errors
  return {
    description: errors.length === 1 && only ? `${only.title} (\`${only.code}\`)` : lines.join('\n'),
    content: {
      [problemMediaType]: {
        schema: {
          allOf: [
            { $ref: 'Problem#' },
            {
              type: 'object',
              properties: { code: { type: 'string', enum: errors.map((error) => error.code) } },
            },
          ],
        },
      },
    },
  }
}
