import {
  type AccessTokens,
  createRefreshToken,
  hashPassword,
  hashRefreshToken,
  verifyPassword,
} from '@comanda/access'
import { asUser } from './account-user.ts'
import { accountErrors } from './accounts.errors.ts'
import { type Account, findAccountByEmail, insertAccount } from './accounts.repository.ts'
import type { Login, Register, SignedIn } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { insertSession, rotateRefreshToken } from './sessions.repository.ts'

/** The device and address from which a user logs in. */
export interface Device {
  userAgent: string | null
  address: string | null
}

/** @throws AppError `email_taken` */
export async function register(
  { database, tokens }: AccountsDependencies,
  body: Register,
  device: Device,
): Promise<SignedIn> {
  const email = normalized(body.email)
  const refresh = createRefreshToken()
  const account = await insertAccount(
    database.primary,
    {
      email,
      name: body.name?.trim() ?? email.slice(0, email.indexOf('@')),
      passwordHash: await hashPassword(body.password),
      locale: body.locale ?? null,
    },
    { ...device, refreshTokenHash: refresh.hash },
  )
  if (!account) throw accountErrors.email_taken()
  return signedIn(tokens, account, account.sessionId, refresh.token)
}

/** @throws AppError `invalid_credentials`, after the same time for an unknown address as for a wrong password */
export async function login(
  { database, tokens }: AccountsDependencies,
  body: Login,
  device: Device,
): Promise<SignedIn> {
  const account = await findAccountByEmail(database.primary, normalized(body.email))
  const correct = await verifyPassword(body.password, account?.passwordHash ?? null)
  if (!account || !correct) throw accountErrors.invalid_credentials()
  const refresh = createRefreshToken()
  const sessionId = await insertSession(database.primary, account, {
    ...device,
    refreshTokenHash: refresh.hash,
  })
  if (sessionId === undefined) throw accountErrors.invalid_credentials()
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

function normalized(email: string): string {
  return email.trim().toLowerCase()
}

function signedIn(tokens: AccessTokens, account: Account, sessionId: string, refreshToken: string): SignedIn {
  const user = asUser(account)
  const memberships = Object.fromEntries(
    account.memberships.map(({ cafeteriaId, role }) => [cafeteriaId, role]),
  )
  return {
    user,
    accessToken: tokens.sign({ userId: user.id, sessionId, role: user.role, memberships }),
    refreshToken,
    expiresIn: tokens.lifetimeSeconds,
  }
}
