import type { AccessTokens } from '@comanda/access'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import type { Attempts } from '@comanda/service'

export interface AccountsDependencies {
  database: Database
  tokens: AccessTokens
  revocations: SessionRevocations
  /** Counts logins and registrations that fail. */
  attempts: Attempts
}
