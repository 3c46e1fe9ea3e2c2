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
 * @param options.remembered how many verified tokens are kept, as `createAccessTokens` says
 */
export async function openSessions(
  options: Parameters<typeof createAccessTokens>[0] & Omit<SessionRevocationsOptions, 'lifetimeSeconds'>,
): Promise<Sessions> {
  const tokens = createAccessTokens(options)
  const revocations = await watchSessionRevocations({ ...options, lifetimeSeconds: tokens.lifetimeSeconds })
  return { tokens, revocations, authenticate: createAuthenticate(tokens, revocations) }
}
