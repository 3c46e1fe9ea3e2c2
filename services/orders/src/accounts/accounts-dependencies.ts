import type { AccessTokens } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { SessionRevocations } from './session-revocations.ts'

export interface AccountsDependencies {
  database: Database
  tokens: AccessTokens
  revocations: SessionRevocations
}
