import type { OpenApiDocument, OpenApiResponse } from './openapi-document.ts'

/** The names of answers that most operations may give, by the codes in them. */
const names = new Map(
  Object.entries({
    UrlInvalid: ['malformed_url'],
    UrlTooLong: ['url_too_long'],
    RequestInvalid: ['malformed_url', 'validation_failed'],
    BodyInvalid: ['malformed_url', 'validation_failed', 'malformed_json'],
    CursorInvalid: ['malformed_url', 'validation_failed', 'invalid_cursor'],
    ListQueryInvalid: ['malformed_url', 'validation_failed', 'invalid_cursor', 'unknown_field'],
    NotSignedIn: ['access_token_missing', 'access_token_invalid', 'access_token_expired', 'session_revoked'],
    ClientBlocked: ['client_blocked'],
    RoleTooLow: ['forbidden_role', 'client_blocked'],
    BodyTooLarge: ['body_too_large'],
    MediaTypeUnsupported: ['unsupported_media_type'],
    RateLimited: ['rate_limited'],
    InternalError: ['internal_error'],
    Busy: ['overloaded', 'handler_timeout'],
    Unavailable: ['overloaded', 'handler_timeout', 'database_unavailable'],
  }).map(([name, codes]) => [inAnyOrder(codes), name]),
)

function inAnyOrder(codes: readonly string[]): string {
  return codes.toSorted().join(' ')
}

/** Says what most operations may answer once, as components, and refers to it. Changes the document. */
export function shareResponses(document: OpenApiDocument): OpenApiDocument {
  const shared: Record<string, OpenApiResponse> = {}
  for (const { responses } of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(responses)) {
      const name = names.get(inAnyOrder(response['x-error-codes'] ?? []))
      if (name === undefined) continue
      shared[name] ??= response
      responses[status] = { $ref: `#/components/responses/${name}` }
    }
  }
  const sorted = Object.entries(shared).toSorted(([a], [b]) => (a < b ? -1 : 1))
  document.components.responses = Object.fromEntries(sorted)
  return document
}
