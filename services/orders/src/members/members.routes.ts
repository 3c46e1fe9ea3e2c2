import { callerOf, refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import {
  CafeteriaParams,
  ChangeMember,
  ListMembers,
  Member,
  MemberList,
  MemberParams,
} from './members.schema.ts'
import { changeMember, listMembers, type MembersDependencies, removeMember } from './members.service.ts'

export function membersRoutes(app: Service, dependencies: MembersDependencies): void {
  app.get(
    '/v1/cafeterias/:cafeteriaId/members',
    {
      schema: {
        operationId: 'listMembers',
        summary: 'Who works at a cafeteria',
        tags: ['members'],
        params: CafeteriaParams,
        querystring: ListMembers,
        response: { 200: refTo(MemberList) },
      },
      config: {
        access: 'manager',
        errors: ['cafeteria_not_found', 'invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => listMembers(dependencies, callerOf(request), request.params.cafeteriaId, request.query),
  )

  app.patch(
    '/v1/cafeterias/:cafeteriaId/members/:userId',
    {
      schema: {
        operationId: 'changeMember',
        summary: 'Make a member of a cafeteria staff or manager',
        description:
          'Only administrators make managers, or change them. Somebody new is invited instead. Access tokens from before are refused; a refresh answers one with the new role.',
        tags: ['members'],
        params: MemberParams,
        body: refTo(ChangeMember),
        response: { 200: refTo(Member) },
      },
      config: {
        access: 'manager',
        errors: [
          'cafeteria_not_found',
          'member_not_found',
          'managers_change_forbidden',
          'database_unavailable',
        ],
      },
    },
    (request) => changeMember(dependencies, callerOf(request), request.params, request.body.role, request.id),
  )

  app.delete(
    '/v1/cafeterias/:cafeteriaId/members/:userId',
    {
      schema: {
        operationId: 'removeMember',
        summary: 'Take somebody off a cafeteria',
        description:
          'Access tokens from before are refused within a second, and by analytics as soon as its standby has replayed the change; a refresh answers one without this cafeteria. What they may do elsewhere stays.',
        tags: ['members'],
        params: MemberParams,
        response: { 204: Type.Null() },
      },
      config: {
        access: 'manager',
        errors: [
          'cafeteria_not_found',
          'member_not_found',
          'managers_change_forbidden',
          'database_unavailable',
        ],
      },
    },
    async (request, reply) => {
      await removeMember(dependencies, callerOf(request), request.params, request.id)
      reply.code(204)
    },
  )
}
