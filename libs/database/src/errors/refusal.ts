/** What a database function refused by calling `refuse(code, detail)`. */
export interface Refusal {
  code: string
  /** The names are in snake_case, as the function wrote them. */
  detail: Record<string, unknown>
}

/** The refusal behind an error that a statement threw, or null when the error is something else. */
export function findRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  const { code, detail } = error as { code?: unknown; detail?: unknown }
  if (code !== 'CM001') return null
  return {
    code: error.message,
    detail: typeof detail === 'string' ? (JSON.parse(detail) as Refusal['detail']) : {},
  }
}
