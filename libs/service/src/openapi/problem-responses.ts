import type { ErrorDescription } from '@comanda/errors'
import { problemMediaType } from '../problems/problem.ts'

/**
 * By status, the responses that report these errors. All have the one schema `Problem`, so that a generated client has one
 * class of errors; which codes come with a status is in the description, for people, and in `x-error-codes`, for programs.
 */
export function problemResponses(errors: readonly ErrorDescription[]): Record<number, object> {
  const byStatus = Map.groupBy(errors, (error) => error.status)
  const entries = [...byStatus].toSorted(([a], [b]) => a - b)
  return Object.fromEntries(entries.map(([status, errors]) => [status, problemResponse(errors)]))
}

const retryAfter = { type: 'integer', description: 'Seconds to wait before another try' }

function problemResponse(errors: readonly ErrorDescription[]): object {
  const lines = errors.map(({ code, title }) => `- \`${code}\`: ${title}`)
  const [only] = errors
  const headers = [429, 503].includes(only?.status ?? 0) ? { headers: { 'retry-after': retryAfter } } : {}
  return {
    ...headers,
    description: errors.length === 1 && only ? `${only.title} (\`${only.code}\`)` : lines.join('\n'),
    content: {
      [problemMediaType]: {
        schema: { $ref: 'Problem#' },
        // The generator drops it from a response: `tidyDocument` moves it there.
        'x-error-codes': errors.map(({ code }) => code),
      },
    },
  }
}
