import { createDecoder, createSigner, createVerifier, TOKEN_ERROR_CODES, type TokenError } from 'fast-jwt'
import { accessErrors } from './access.errors.ts'
import { type Caller, type MemberRole, type Role, roles } from './roles.ts'

export interface AccessTokens {
  lifetimeSeconds: number
  /** Makes a token that names the caller and expires `lifetimeSeconds` from now. */
  sign: (caller: Caller) => string
  /** @throws AppError `access_token_invalid` or `access_token_expired` (401) */
  verify: (token: string) => Caller
  /** When a token that was verified stops being valid, in milliseconds since 1970. */
  expiresAt: (token: string) => number
}

interface Claims {
  sub: string
  sid: string
  role: Role
  memberships: Record<string, MemberRole>
  /** The version of the roles. */
  rv?: number | undefined
}

/**
 * Makes and verifies signed tokens (JWT, HS256) that carry the whole caller, so that a request needs no query. What they
 * say may be `lifetimeSeconds` old (900 when left out); whether the session was revoked or the roles have changed
 * meanwhile is for the service to check after `verify`.
 */
export function createAccessTokens(options: {
  secret: string
  lifetimeSeconds?: number
  /** Verified tokens to keep in memory, so that the next request with one costs a microsecond; about 1 KB each. */
  remembered?: number
}): AccessTokens {
  const { secret, lifetimeSeconds = 900, remembered = 10_000 } = options
  const signClaims = createSigner({
    key: secret,
    algorithm: 'HS256',
    iss: 'comanda',
    expiresIn: lifetimeSeconds * 1000,
  })
  const verifyClaims = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: 'comanda',
    requiredClaims: ['iss', 'sub', 'sid', 'role', 'exp'],
    cache: remembered > 0 && remembered,
    cacheTTL: lifetimeSeconds * 1000,
  })
  const decodeClaims = createDecoder()
  return {
    lifetimeSeconds,
    sign: ({ userId, sessionId, role, memberships, rolesVersion }) =>
      signClaims({ sub: userId, sid: sessionId, role, memberships, rv: rolesVersion } satisfies Claims),
    verify(token) {
      try {
        const { sub, sid, role, memberships, rv } = verifyClaims(token) as Claims
        if (!roles.includes(role)) throw accessErrors.access_token_invalid()
        return { userId: sub, sessionId: sid, role, memberships, rolesVersion: rv }
      } catch (cause) {
        if ((cause as TokenError).code === TOKEN_ERROR_CODES.expired)
          throw accessErrors.access_token_expired(undefined, { cause })
        throw accessErrors.access_token_invalid(undefined, { cause })
      }
    },
    expiresAt: (token) => (decodeClaims(token) as { exp: number }).exp * 1000,
  }
}
