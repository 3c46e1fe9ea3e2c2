import { type AccessTokens, createAccessTokens } from '../access-tokens.ts'
import type { Caller } from '../roles.ts'
import { createAuthenticate } from './authenticate.ts'
import {
  type SessionRevocations,
  type SessionRevocationsOptions,
  watchSessionRevocations,
} from './session-revocations.ts'

export interface Sessions {
  tokens: AccessTokens
  revocations: SessionRevocations
  /** Turns an access token into its caller, as `createAuthenticate` says. */
  authenticate: (token: string) => Caller
}

/**
 * Makes what the requests of a service are authenticated with. Resolves when the ended sessions are known; whoever calls it closes
 * `revocations`.
 * @param options.secret the key that signs access tokens
 */
export async function openSessions(
  options: { secret: string } & Omit<SessionRevocationsOptions, 'lifetimeSeconds'>,
): Promise<Sessions> {
  const { secret, ...watching } = options
  const tokens = createAccessTokens({ secret })
  const revocations = await watchSessionRevocations({ ...watching, lifetimeSeconds: tokens.lifetimeSeconds })
  return { tokens, revocations, authenticate: createAuthenticate(tokens, revocations) }
}
