import { type AccessTokens, accessErrors, type Caller } from '@comanda/access'
import type { SessionRevocations } from './session-revocations.ts'

/**
 * What turns the bearer token of a request into its caller, without a look-up.
 * @throws AppError `access_token_invalid`, `access_token_expired` or `session_revoked` (401), from the returned function
 */
export function createAuthenticate(
  tokens: AccessTokens,
  revocations: Pick<SessionRevocations, 'has'>,
): (token: string) => Caller {
  return (token) => {
    const caller = tokens.verify(token)
    if (revocations.has(caller.sessionId)) throw accessErrors.session_revoked()
    return caller
  }
}
