import type { Service } from '@comanda/service'
import { accountSchemas } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { authRoutes } from './auth.routes.ts'
import { countFailedLogins } from './failed-logins.ts'
import { meRoutes } from './me.routes.ts'
import { sessionsRoutes } from './sessions.routes.ts'
import { sessionSchemas } from './sessions.schema.ts'

/** Registers the routes of accounts and sessions, and the authentication of callers. */
export async function accounts(app: Service, dependencies: AccountsDependencies): Promise<void> {
  for (const schema of [...accountSchemas, ...sessionSchemas]) app.addSchema(schema)
  authRoutes(app, { ...dependencies, attempts: countFailedLogins(dependencies.attempts, app.meter) })
  sessionsRoutes(app, dependencies)
  meRoutes(app, dependencies)
}
