import type { Service } from '@comanda/service'
import type { MembersDependencies } from '../members/members.service.ts'
import { invitationsRoutes } from './invitations.routes.ts'
import { invitationSchemas } from './invitations.schema.ts'
import { ownInvitationsRoutes } from './own-invitations.routes.ts'

/** Registers the routes by which people become members of a cafeteria: they are invited, and accept. */
export async function invitations(app: Service, dependencies: MembersDependencies): Promise<void> {
  for (const schema of invitationSchemas) app.addSchema(schema)
  invitationsRoutes(app, dependencies)
  ownInvitationsRoutes(app, dependencies)
}
