import type { Problem } from './generated/index.ts'

/** A refusal of the API, or of what stands before it. Branch on `code`; quote `requestId` when reporting one. */
export class ProblemError extends Error {
  /** Stable; `unexpected_answer` when a proxy answered with something other than a problem document. */
  readonly code: string
  /** HTTP status, 304 or 400 to 599. */
  readonly status: number
  /** What happened this time, in a sentence. */
  readonly detail: string
  /** Null when the answer did not come from the service. */
  readonly requestId: string | null
  /** Before this many seconds the same call will fail again; null when the answer does not say that it may succeed later. */
  readonly retryAfterSeconds: number | null
  /** The whole document, with the members of its code; null when there was none. */
  readonly problem: Problem | null

  constructor({ status, headers }: Pick<Response, 'status' | 'headers'>, body: unknown) {
    const problem = isProblem(body) ? body : null
    const detail = problem?.detail ?? `The answer with status ${status} does not say what the problem is.`
    super(detail)
    this.name = 'ProblemError'
    this.code = problem?.code ?? 'unexpected_answer'
    this.status = status
    this.detail = detail
    this.requestId = problem?.requestId ?? headers.get('x-request-id')
    this.retryAfterSeconds = secondsOf(headers.get('retry-after'))
    this.problem = problem
  }
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  const { code, detail } = body as Partial<Problem>
  return typeof code === 'string' && typeof detail === 'string'
}

/** The service sends seconds; a date, which proxies may send, is not understood. */
function secondsOf(retryAfter: string | null): number | null {
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null
}
