/** A call's answer, or how it went without one. */
export type HttpAnswer =
  | { kind: 'answered'; status: number; body: unknown }
  /** The connection was never made: the provider cannot have seen the call. */
  | { kind: 'unsent' }
  /** Sent, perhaps; the provider may have done it. */
  | { kind: 'unanswered' }

/** Failures before a byte was sent. Anything else, a reset connection too, may have come after the provider's work. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** One JSON call. Never throws: a time-out or a broken connection is a kind of answer here. */
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
