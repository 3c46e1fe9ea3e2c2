import type { Client } from './generated/client/index.ts'
import { type Login, login, logout, refreshSession, type SignedIn, type User } from './generated/index.ts'
import { ProblemError } from './problem-error.ts'

/** Who is logged in, and the tokens that prove it. They are kept in memory only. */
export interface ClientSession {
  /** Null while nobody is logged in. */
  user: () => User | null
  /** Begins a session, instead of the one that there may be. @throws ProblemError `invalid_credentials` */
  logIn: (account: Login) => Promise<User>
  /** Forgets the tokens, then ends the session at the service. Nothing happens when nobody is logged in. */
  logOut: () => Promise<void>
  /**
   * An access token that is valid for a while, as `getAccessToken` of the realtime client wants it. `renew`: the last one was
   * refused. Whoever asks during an exchange waits for its answer.
   * @throws Error when nobody is logged in; ProblemError when the session has ended, which then is forgotten
   */
  accessToken: (renew?: boolean) => Promise<string>
}

/** An access token this close to its end is exchanged before it is used, in milliseconds. */
const margin = 30_000

/** A session over a client that sends no tokens. */
export function createSession(client: Client): ClientSession {
  let signedIn: SignedIn | null = null
  let expiresAt = 0
  let renewing: Promise<void> | null = null

  function keep(answer: SignedIn): void {
    signedIn = answer
    expiresAt = Date.now() + answer.expiresIn * 1000
  }

  async function exchange(old: SignedIn): Promise<void> {
    try {
      const { data } = await refreshSession({ client, body: { refreshToken: old.refreshToken } })
      // Somebody may have logged in meanwhile.
      if (signedIn === old) keep(data)
    } catch (error) {
      if (signedIn === old && error instanceof ProblemError && error.status === 401) signedIn = null
      throw error
    }
  }

  return {
    user: () => signedIn?.user ?? null,
    async logIn(account) {
      const { data } = await login({ client, body: account })
      keep(data)
      return data.user
    },
    async logOut() {
      await renewing?.catch(() => {})
      if (signedIn === null) return
      const { refreshToken } = signedIn
      signedIn = null
      await logout({ client, body: { refreshToken } })
    },
    async accessToken(renew = false) {
      if (signedIn !== null && (renew || Date.now() > expiresAt - margin)) {
        // A refresh token works once, and ends its session when it comes again.
        renewing ??= exchange(signedIn).finally(() => (renewing = null))
        await renewing
      }
      if (signedIn === null) throw new Error('nobody is logged in')
      return signedIn.accessToken
    },
  }
}
