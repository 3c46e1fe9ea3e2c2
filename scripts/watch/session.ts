import type { Api } from './api.ts'

interface SignedIn {
  user: { role: string; memberships: { cafeteriaId: string }[] }
  accessToken: string
  refreshToken: string
  expiresIn: number
}

export interface Session {
  user: SignedIn['user']
  /** A token that is valid for a while; a new one when `renew` or when it is about to expire. */
  accessToken: (renew: boolean) => Promise<string>
}

/** An access token this close to its end is exchanged before it is used, in milliseconds. */
const margin = 30_000

/** @throws Error with one sentence when the account or its password is wrong */
export async function logIn(api: Api, account: { email: string; password: string }): Promise<Session> {
  let signedIn = await api.post<SignedIn>('/v1/auth/login', account)
  let expiresAt = Date.now() + signedIn.expiresIn * 1000
  let renewing: Promise<void> | undefined

  async function renewOnce(): Promise<void> {
    const { refreshToken } = signedIn
    signedIn = await api.post<SignedIn>('/v1/auth/refresh', { refreshToken })
    expiresAt = Date.now() + signedIn.expiresIn * 1000
  }

  return {
    user: signedIn.user,
    async accessToken(renew) {
      if (renew || Date.now() > expiresAt - margin) {
        // A refresh token works once: whoever asks meanwhile waits for the same answer.
        renewing ??= renewOnce().finally(() => (renewing = undefined))
        await renewing
      }
      return signedIn.accessToken
    },
  }
}
