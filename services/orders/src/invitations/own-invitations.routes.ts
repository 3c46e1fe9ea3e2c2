import { callerOf, refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import type { MembersDependencies } from '../members/members.service.ts'
import {
  AcceptedInvitation,
  AcceptInvitation,
  InvitationParams,
  ListOwnInvitations,
  OwnInvitationList,
} from './invitations.schema.ts'
import { acceptInvitation, declineInvitation, listOwnInvitations } from './own-invitations.service.ts'

const tags = ['members']

export function ownInvitationsRoutes(app: Service, dependencies: MembersDependencies): void {
  app.get(
    '/v1/invitations',
    {
      schema: {
        operationId: 'listOwnInvitations',
        summary: 'The invitations that the caller may accept, newest first',
        description: 'Those made for the email address of the account, also before it was registered.',
        tags,
        querystring: ListOwnInvitations,
        response: { 200: refTo(OwnInvitationList) },
      },
      config: {
        access: 'authenticated',
        errors: ['invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => listOwnInvitations(dependencies, callerOf(request), request.query),
  )

  app.post(
    '/v1/invitations/:invitationId/accept',
    {
      schema: {
        operationId: 'acceptInvitation',
        summary: 'Accept an invitation to work at a cafeteria',
        description:
          'Needs the code that was handed over, because anybody can register with an email address. Access tokens from before are refused; a refresh answers one with the new role. Accepting again changes nothing. `invitation_closed` says in `invitationStatus` what became of it.',
        tags,
        params: InvitationParams,
        body: refTo(AcceptInvitation),
        response: { 200: refTo(AcceptedInvitation) },
      },
      config: {
        access: 'authenticated',
        limit: 'codes',
        errors: [
          'invitation_not_found',
          'invitation_closed',
          'wrong_invitation_code',
          'database_unavailable',
        ],
      },
    },
    (request) => acceptInvitation(dependencies, editorOf(request), { ...request.params, ...request.body }),
  )

  app.post(
    '/v1/invitations/:invitationId/decline',
    {
      schema: {
        operationId: 'declineInvitation',
        summary: 'Decline an invitation',
        description: 'Declining it again is fine.',
        tags,
        params: InvitationParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'authenticated',
        errors: ['invitation_not_found', 'invitation_closed', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      await declineInvitation(dependencies, editorOf(request), request.params.invitationId)
      reply.code(204)
    },
  )
}
