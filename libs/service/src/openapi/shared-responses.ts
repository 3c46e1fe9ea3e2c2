import { problemMediaType } from '../problems/problem.ts'
import type { OpenApiDocument, OpenApiResponse } from './openapi-document.ts'

/** What most operations may answer, by the codes in it. */
const names: Record<string, string> = {
  validation_failed: 'RequestInvalid',
  'validation_failed, malformed_json': 'BodyInvalid',
  'access_token_missing, access_token_invalid, access_token_expired, session_revoked': 'NotSignedIn',
  forbidden_role: 'RoleTooLow',
  body_too_large: 'BodyTooLarge',
  unsupported_media_type: 'MediaTypeUnsupported',
  rate_limited: 'RateLimited',
  internal_error: 'InternalError',
  'overloaded, handler_timeout': 'Busy',
  'overloaded, handler_timeout, database_unavailable': 'Unavailable',
}

/** Says what most operations may answer once, as components, and refers to it. Changes the document. */
export function shareResponses(document: OpenApiDocument): OpenApiDocument {
  const shared: Record<string, OpenApiResponse> = {}
  for (const { responses } of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(responses)) {
      const name = names[codesOf(response).join(', ')]
      if (name === undefined) continue
      shared[name] ??= response
      responses[status] = { $ref: `#/components/responses/${name}` }
    }
  }
  const sorted = Object.entries(shared).toSorted(([a], [b]) => (a < b ? -1 : 1))
  document.components.responses = Object.fromEntries(sorted)
  return document
}

/** The codes of a problem; none for a success. */
export function codesOf({ content }: OpenApiResponse): string[] {
  const parts = content?.[problemMediaType]?.schema.allOf ?? []
  return parts.flatMap(({ properties }) => properties?.['code']?.enum ?? []).map(String)
}
