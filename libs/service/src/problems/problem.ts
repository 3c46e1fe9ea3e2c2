import type { AppError } from '@comanda/errors'
import { type Static, Type } from 'typebox'

/** RFC 9457 problem details, the body of every error. The `$id` makes it one named component of the OpenAPI document. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Names the kind of problem: urn:comanda:problem: and the code' }),
    title: Type.String({
      description: 'A short text for people, which is the same for every occurrence of the code',
    }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened this time' }),
    code: Type.String({ description: 'Stable code to branch on' }),
    instance: Type.String({ description: 'Path of the request' }),
    requestId: Type.String({ description: 'Quote it when reporting the problem' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'The offending fields, when the request is not valid',
      }),
    ),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds to wait, as in the retry-after header' })),
  },
  { $id: 'Problem', additionalProperties: true, description: 'RFC 9457 problem details' },
)
export type Problem = Static<typeof Problem>

export const problemMediaType = 'application/problem+json'

/** The document for one occurrence. `extra` members can never replace a standard one. */
export function problemOf(error: AppError, instance: string, requestId: string): Problem {
  const standard = {
    type: `urn:comanda:problem:${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    instance,
    requestId,
  }
  const problem: Problem = { ...standard, ...error.extra, ...standard }
  if (error.retryAfterSeconds !== undefined) problem.retryAfter = Math.ceil(error.retryAfterSeconds)
  return problem
}
