/** What an error may carry besides its code and its sentence. */
export interface AppErrorOptions {
  /** Members added to the problem document, next to `code` and `detail`. Never secrets: clients see them. */
  extra?: Record<string, unknown>
  /** Sent as `retry-after`, in seconds. */
  retryAfterSeconds?: number
  /** What went wrong underneath. Logged, never sent. */
  cause?: unknown
}

/**
 * The one error that features throw. `code` is stable snake_case that clients may depend on; `message` is the
 * sentence (RFC 9457 `detail`) for this occurrence; `title` is the same for every occurrence of the code.
 */
export class AppError extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly extra: Record<string, unknown> | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    entry: { status: number; code: string; title: string },
    detail: string,
    options: AppErrorOptions = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.status = entry.status
    this.code = entry.code
    this.title = entry.title
    this.extra = options.extra
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  /** The sentence for this occurrence; the same text as `message`. */
  get detail(): string {
    return this.message
  }
}
