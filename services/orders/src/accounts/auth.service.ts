import {
  type AccessTokens,
  createRefreshToken,
  hashPassword,
  hashRefreshToken,
  verifyPassword,
} from '@comanda/access'
import { addressKey } from '@comanda/service'
import { normalizedEmail } from '@comanda/service/values'
import { asUser } from './account-user.ts'
import { accountErrors } from './accounts.errors.ts'
import { type Account, findPasswordByEmail, insertAccount } from './accounts.repository.ts'
import type { Login, Register, SignedIn } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { mustBeStrong } from './new-password.ts'
import { insertSession, rotateRefreshToken } from './sessions.repository.ts'

/** The device and address from which a user logs in. */
export interface Device {
  userAgent: string | null
  address: string
  /** Aborted when it no longer waits for the answer. */
  signal: AbortSignal
}

/** Whom a password is hashed for. */
const waiter = ({ address, signal }: Device) => ({ client: addressKey(address), signal })

/**
 * An address that has an account takes as long as one that has none, and counts as a failure: whoever asks for many has to wait.
 * @throws AppError `email_taken`, `password_too_weak`, `rate_limited`
 */
export async function register(
  { database, tokens, attempts }: AccountsDependencies,
  body: Register,
  device: Device,
): Promise<SignedIn> {
  const email = normalizedEmail(body.email)
  const name = body.name?.trim() ?? email.slice(0, email.indexOf('@'))
  await mustBeStrong('password', body.password, { email, name })
  const refresh = createRefreshToken()
  const account = await attempts.registration(email, device.address, async () => {
    const passwordHash = await hashPassword(body.password, waiter(device))
    const inserted = await insertAccount(
      database.primary,
      { email, name, passwordHash, locale: body.locale ?? null },
      { ...device, refreshTokenHash: refresh.hash },
    )
    if (!inserted) throw accountErrors.email_taken()
    return inserted
  })
  return signedIn(tokens, account, account.sessionId, refresh.token)
}

/** @throws AppError `rate_limited`; `invalid_credentials`, after the same time for an unknown address as for a wrong password */
export async function login(
  { database, tokens, attempts }: AccountsDependencies,
  body: Login,
  device: Device,
): Promise<SignedIn> {
  const email = normalizedEmail(body.email)
  const refresh = createRefreshToken()
  const { sessionId, ...account } = await attempts.login(email, device.address, async () => {
    const found = await findPasswordByEmail(database.primary, email)
    const correct = await verifyPassword(body.password, found?.passwordHash ?? null, waiter(device))
    if (!found || !correct) throw accountErrors.invalid_credentials()
    const begun = await insertSession(database.primary, found, {
      ...device,
      refreshTokenHash: refresh.hash,
    })
    if (begun === undefined) throw accountErrors.invalid_credentials()
    return begun
  })
  return signedIn(tokens, account, sessionId, refresh.token)
}

/**
 * Exchanges a refresh token. A token that comes a second time is taken for stolen and ends its session (RFC 9700, 4.14.2).
 * @throws AppError `refresh_token_invalid`, `refresh_token_reused`
 */
export async function refresh(
  { database, tokens, revocations }: AccountsDependencies,
  refreshToken: string,
): Promise<SignedIn> {
  const next = createRefreshToken()
  const rotation = await rotateRefreshToken(database.primary, {
    hash: hashRefreshToken(refreshToken),
    nextHash: next.hash,
  })
  if (rotation?.outcome === 'reused') {
    revocations.add([rotation.sessionId])
    throw accountErrors.refresh_token_reused()
  }
  if (rotation?.outcome !== 'rotated') throw accountErrors.refresh_token_invalid()
  return signedIn(tokens, rotation.account, rotation.sessionId, next.token)
}

function signedIn(tokens: AccessTokens, account: Account, sessionId: string, refreshToken: string): SignedIn {
  const user = asUser(account)
  const memberships = Object.fromEntries(
    account.memberships.map(({ cafeteriaId, role }) => [cafeteriaId, role]),
  )
  return {
    user,
    accessToken: tokens.sign({
      userId: user.id,
      sessionId,
      role: user.role,
      memberships,
      rolesVersion: account.rolesVersion,
    }),
    refreshToken,
    expiresIn: tokens.lifetimeSeconds,
  }
}
