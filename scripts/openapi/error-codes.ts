import type { Operation } from './openapi-document.ts'

/** The codes that an operation documents for each status; none for a success. Its responses must be in place. */
export function codesByStatus(operation: Operation): Map<number, string[]> {
  const responses = Object.entries(operation.responses ?? {})
  return new Map(responses.map(([status, response]) => [Number(status), response['x-error-codes'] ?? []]))
}
