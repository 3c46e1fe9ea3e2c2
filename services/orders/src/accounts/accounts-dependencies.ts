import type { AccessTokens } from '@comanda/access'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'

export interface AccountsDependencies {
  database: Database
  tokens: AccessTokens
  revocations: SessionRevocations
}
