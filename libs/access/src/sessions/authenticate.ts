import { accessErrors } from '../access.errors.ts'
import type { AccessTokens } from '../access-tokens.ts'
import type { Caller } from '../roles.ts'
import type { SessionRevocations } from './session-revocations.ts'

/**
 * A token whose roles were taken from or given to its user since. To clients it is one that has expired, because what helps is the same:
 * a refresh answers the roles of the moment.
 */
const rolesChanged = () =>
  accessErrors.access_token_expired('The roles of the account have changed since the access token was issued')

/**
 * Returns a function that turns an access token into its caller, without a query.
 * @throws AppError `access_token_invalid`, `access_token_expired` (also when the roles have changed) or `session_revoked` (401), from the returned function
 */
export function createAuthenticate(
  tokens: Pick<AccessTokens, 'verify'>,
  revocations: Pick<SessionRevocations, 'has' | 'hasOldRoles'>,
): (token: string) => Caller {
  return (token) => {
    const caller = tokens.verify(token)
    if (revocations.has(caller.sessionId)) throw accessErrors.session_revoked()
    if (revocations.hasOldRoles(caller)) throw rolesChanged()
    return caller
  }
}
