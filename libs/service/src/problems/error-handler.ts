import { accessErrors, type Caller } from '@comanda/access'
import { isMissing } from '@comanda/database'
import { AppError } from '@comanda/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { fieldErrors } from '../validation/field-errors.ts'
import { platformErrors as errors } from './platform.errors.ts'
import { problemMediaType, problemOf } from './problem.ts'
import { validationFailed } from './validation-failed.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The error this request ended with, for its log line and its metrics; null when it went well. */
    failure: AppError | null
  }
}

/** Fastify's own errors (and its plugins') that have a code of ours. */
const translations: Record<string, (error: FastifyError) => AppError> = {
  FST_ERR_VALIDATION: ({ validation, validationContext }) =>
    validationFailed(fieldErrors(validation ?? []), validationContext),
  FST_ERR_CTP_INVALID_JSON_BODY: (cause) => errors.malformed_json(undefined, { cause }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => errors.malformed_json('The body is empty'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => errors.unsupported_media_type('Send the body as application/json'),
  FST_ERR_CTP_EMPTY_TYPE: () => errors.unsupported_media_type('Send the body as application/json'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => errors.body_too_large(),
  FST_ERR_BAD_URL: () => errors.malformed_url(),
  FST_ERR_MAX_PARAM_LENGTH: () => errors.url_too_long('A part of the path is too long'),
  FST_UNDER_PRESSURE: () => errors.overloaded(undefined, { retryAfterSeconds: 1 }),
}

/**
 * Any thrown value as a coded error. What is not known becomes `internal_error`, with the original as its cause. A valid token of an
 * account that was deleted is noticed where something would refer to the account, so that no request has to look it up.
 */
function asAppError(thrown: unknown, caller: Caller | null | undefined): AppError {
  if (thrown instanceof AppError) return thrown
  if (caller && isMissing(thrown, caller.userId))
    return accessErrors.access_token_invalid('The account of the access token does not exist', {
      cause: thrown,
    })
  const error = thrown as Partial<FastifyError> | undefined
  const translate = typeof error?.code === 'string' ? translations[error.code] : undefined
  if (translate) return translate(error as FastifyError)
  const status = error?.statusCode ?? 500
  // secure-json-parse refuses poisoned prototypes with a bare SyntaxError.
  if (status === 400 && thrown instanceof SyntaxError)
    return errors.malformed_json(undefined, { cause: thrown })
  if (status >= 400 && status < 500) return errors.bad_request(undefined, { cause: thrown })
  return errors.internal_error(undefined, { cause: thrown })
}

/** Answers anything that was thrown as a problem, and keeps the error as `request.failure`. The one error handler. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAppError(thrown, request.caller)
  request.failure = error
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterSeconds))
  if (error.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer')
  const problem = problemOf(error, pathOf(request.url), request.id)
  return reply.code(error.status).type(problemMediaType).send(JSON.stringify(problem))
}
