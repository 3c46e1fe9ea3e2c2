/** A call's answer, or why there is none. */
export type HttpAnswer =
  | { kind: 'answered'; status: number; body: unknown }
  /** No connection was made: the provider cannot have received the call. */
  | { kind: 'unsent' }
  /** The call may have been sent, and the provider may have done what it asks. */
  | { kind: 'unanswered' }

/** Failures before a byte was sent. Anything else, a reset connection too, may have come after the provider's work. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** Makes one JSON call. Never rejects: a time-out or a broken connection is an answer of its own here. */
export async function callProvider(
  url: string,
  options: { method: 'GET' | 'POST'; body?: object; idempotencyKey?: string; signal: AbortSignal },
): Promise<HttpAnswer> {
  const { method, body, idempotencyKey, signal } = options
  try {
    const response = await fetch(url, {
      method,
      signal,
      redirect: 'error',
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    // The status alone decides nothing: a body that breaks off leaves the outcome open too.
    return { kind: 'answered', status: response.status, body: await response.json() }
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
    return { kind: !signal.aborted && unsentCodes.has(String(code)) ? 'unsent' : 'unanswered' }
  }
}
