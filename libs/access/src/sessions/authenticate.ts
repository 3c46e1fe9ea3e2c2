import { accessErrors } from '../access.errors.ts'
import type { AccessTokens } from '../access-tokens.ts'
import type { Caller } from '../roles.ts'
import type { SessionRevocations } from './session-revocations.ts'

/**
 * Returns a function that turns an access token into its caller, without a query.
 * @throws AppError `access_token_invalid`, `access_token_expired` or `session_revoked` (401), from the returned function
 */
export function createAuthenticate(
  tokens: Pick<AccessTokens, 'verify'>,
  revocations: Pick<SessionRevocations, 'has'>,
): (token: string) => Caller {
  return (token) => {
    const caller = tokens.verify(token)
    if (revocations.has(caller.sessionId)) throw accessErrors.session_revoked()
    return caller
  }
}
