import type { Service } from '@comanda/service'
import { membersRoutes } from './members.routes.ts'
import { memberSchemas } from './members.schema.ts'
import type { MembersDependencies } from './members.service.ts'

/** Who works at a cafeteria (ACC-2). */
export async function members(app: Service, dependencies: MembersDependencies): Promise<void> {
  for (const schema of memberSchemas) app.addSchema(schema)
  membersRoutes(app, dependencies)
}
