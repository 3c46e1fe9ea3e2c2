import { callerOf, refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { editorOf } from '../audit/editor.ts'
import { CafeteriaParams } from '../members/members.schema.ts'
import type { MembersDependencies } from '../members/members.service.ts'
import {
  CafeteriaInvitationParams,
  InvitationList,
  InviteMember,
  ListInvitations,
  NewInvitation,
} from './invitations.schema.ts'
import { inviteMember, listInvitations, withdrawInvitation } from './invitations.service.ts'

const tags = ['members']

export function invitationsRoutes(app: Service, dependencies: MembersDependencies): void {
  app.post(
    '/v1/cafeterias/:cafeteriaId/invitations',
    {
      schema: {
        operationId: 'inviteMember',
        summary: 'Invite somebody by email to work at a cafeteria',
        description:
          'The answer is the same whether or not there is an account with the address. Nothing is sent: hand the `code` to the person, who finds the invitation in `GET /v1/invitations`, after registering if need be, and accepts it with the code. It stands for 14 days, and as long as whoever made it may make it. Inviting the same address again replaces the invitation and its code. Managers invite staff; only administrators invite managers.',
        tags,
        params: CafeteriaParams,
        body: refTo(InviteMember),
        response: { 201: refTo(NewInvitation) },
      },
      config: {
        access: 'manager',
        limit: 'expensive',
        errors: [
          'cafeteria_not_found',
          'managers_change_forbidden',
          'already_member',
          'database_unavailable',
        ],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return inviteMember(dependencies, editorOf(request), request.params.cafeteriaId, request.body)
    },
  )

  app.get(
    '/v1/cafeterias/:cafeteriaId/invitations',
    {
      schema: {
        operationId: 'listInvitations',
        summary: 'The invitations of a cafeteria that nobody has answered, newest first',
        tags,
        params: CafeteriaParams,
        querystring: ListInvitations,
        response: { 200: refTo(InvitationList) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => listInvitations(dependencies, callerOf(request), request.params.cafeteriaId, request.query),
  )

  app.delete(
    '/v1/cafeterias/:cafeteriaId/invitations/:invitationId',
    {
      schema: {
        operationId: 'withdrawInvitation',
        summary: 'Withdraw an invitation',
        description:
          'Withdrawing it again is fine. `invitation_closed` says in `invitationStatus` that it was accepted or declined.',
        tags,
        params: CafeteriaInvitationParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: [
          'cafeteria_not_found',
          'invitation_not_found',
          'invitation_closed',
          'managers_change_forbidden',
          'database_unavailable',
        ],
      },
    },
    async (request, reply) => {
      await withdrawInvitation(dependencies, editorOf(request), request.params)
      reply.code(204)
    },
  )
}
