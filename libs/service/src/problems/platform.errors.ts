import { defineErrors } from '@comanda/errors'

/** What any route may answer, whatever its feature. */
export const platformErrors = defineErrors({
  validation_failed: { status: 400, title: 'The request is not valid' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  malformed_url: { status: 400, title: 'The URL is not valid' },
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  bad_request: { status: 400, title: 'The request cannot be served' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of ours' },
  unknown_field: { status: 400, title: 'Unknown field' },
  access_token_missing: { status: 401, title: 'Log in first' },
  client_blocked: { status: 403, title: 'This program is not served' },
  forbidden_role: { status: 403, title: 'Your role may not do this' },
  route_not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  body_too_large: { status: 413, title: 'The body is too large' },
  url_too_long: { status: 414, title: 'The URL is too long' },
  unsupported_media_type: { status: 415, title: 'This content type is not understood' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'Something went wrong' },
  overloaded: { status: 503, title: 'Too busy at the moment' },
  handler_timeout: { status: 503, title: 'The answer took too long' },
})
