import type { Service } from '@comanda/service'
import { membersRoutes } from './members.routes.ts'
import { memberSchemas } from './members.schema.ts'
import type { MembersDependencies } from './members.service.ts'

/** Registers the routes for the members of a cafeteria, who work there as staff or managers. */
export async function members(app: Service, dependencies: MembersDependencies): Promise<void> {
  for (const schema of memberSchemas) app.addSchema(schema)
  membersRoutes(app, dependencies)
}
