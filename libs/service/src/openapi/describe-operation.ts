import { describeError, type ErrorDescription } from '@comanda/errors'
import type { FastifyContextConfig, FastifySchema, RouteOptions } from 'fastify'
import { closedSchema } from '../validation/closed-schema.ts'
import { problemResponses } from './problem-responses.ts'

/** A route's schema as the OpenAPI document should describe it: who may call, and every code it may answer with. */
export function describeOperation(schema: FastifySchema, route: RouteOptions): FastifySchema {
  if (schema.hide) return schema
  const config = route.config ?? {}
  const access = config.access ?? 'public'
  const described: Record<string, unknown> = { ...schema, 'x-access': access }
  described.security = schema.security ?? (access === 'public' ? [] : [{ bearer: [] }])
  if (config.limit !== 'none') described['x-rate-limit'] = config.limit
  if (config.furtherLimit) described['x-further-rate-limit'] = config.furtherLimit.name
  if (isInline(schema.querystring)) described.querystring = withoutDefaultsRequired(schema.querystring)
  if (isInline(schema.body)) described.body = closedSchema(schema.body)
  described.response = {
    ...problemResponses(errorsOf(schema, config)),
    ...withHeaders(schema.response, config.answerHeaders),
  }
  return described
}

interface InlineSchema {
  properties?: Record<string, { default?: unknown }>
  required?: string[]
}

/** To the handler a parameter with a default is always there; to the client it is optional. */
function withoutDefaultsRequired({ properties = {}, required = [], ...rest }: InlineSchema): InlineSchema {
  return { ...rest, properties, required: required.filter((name) => properties[name]?.default === undefined) }
}

/** The errors of libs/access, which checks tokens for the service. */
const tokenErrors = [
  'access_token_missing',
  'access_token_invalid',
  'access_token_expired',
  'session_revoked',
]

function isInline(schema: unknown): schema is InlineSchema {
  return schema !== null && typeof schema === 'object' && !('$ref' in schema)
}

const answerHeaders = {
  etag: { type: 'string', description: 'Its version, for `If-Match`' },
  location: { type: 'string', description: 'Path of what was made' },
  'x-consistency-token': {
    type: 'string',
    description: 'For reads that must not miss this write, in the header of the same name',
  },
}
export type AnswerHeader = keyof typeof answerHeaders

/** The route's own responses, the successes with the headers that it sets. */
function withHeaders(responses: unknown = {}, names: readonly AnswerHeader[] = []): object {
  if (names.length === 0) return responses as object
  const headers = Object.fromEntries(names.map((name) => [name, answerHeaders[name]]))
  return Object.fromEntries(
    Object.entries(responses as Record<string, object>).map(([status, schema]) => [
      status,
      status.startsWith('2') ? { ...schema, headers } : schema,
    ]),
  )
}

/** The codes that follow from the declaration, then those that the route lists. */
function errorsOf(
  schema: FastifySchema,
  { access, limit, errors = [] }: FastifyContextConfig,
): ErrorDescription[] {
  const codes = new Set<string>(['malformed_url'])
  if (schema.body || schema.querystring || schema.params || schema.headers) codes.add('validation_failed')
  if (schema.body)
    for (const code of ['malformed_json', 'body_too_large', 'unsupported_media_type']) codes.add(code)
  if (access !== 'public') {
    for (const code of tokenErrors) codes.add(code)
  }
  if (access !== 'public' && access !== 'authenticated') codes.add('forbidden_role')
  if (limit !== 'none') codes.add('rate_limited').add('overloaded').add('handler_timeout')
  for (const code of errors) codes.add(code)
  codes.add('client_blocked').add('url_too_long').add('internal_error')
  return [...codes].flatMap((code) => describeError(code) ?? [])
}
