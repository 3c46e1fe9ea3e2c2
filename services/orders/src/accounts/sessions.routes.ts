import { callerOf, refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { EndSessions, ListSessions, SessionList, SessionParams } from './sessions.schema.ts'
import { endOneSession, endSessions, listSessions } from './sessions.service.ts'

export function sessionsRoutes(app: Service, dependencies: AccountsDependencies): void {
  app.get(
    '/v1/auth/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'Where the caller is logged in, newest first',
        tags: ['accounts'],
        querystring: ListSessions,
        response: { 200: refTo(SessionList) },
      },
      config: {
        access: 'authenticated',
        errors: ['invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => listSessions(dependencies, callerOf(request), request.query),
  )

  app.delete(
    '/v1/auth/sessions/:sessionId',
    {
      schema: {
        operationId: 'endSession',
        summary: 'Log out one of the caller’s devices',
        tags: ['accounts'],
        params: SessionParams,
        response: { 204: Type.Null() },
      },
      config: { access: 'authenticated', errors: ['session_not_found', 'database_unavailable'] },
    },
    async (request, reply) => {
      await endOneSession(dependencies, callerOf(request), request.params.sessionId)
      reply.code(204)
    },
  )

  app.delete(
    '/v1/auth/sessions',
    {
      schema: {
        operationId: 'endSessions',
        summary: 'Log out everywhere else, or everywhere',
        tags: ['accounts'],
        querystring: EndSessions,
        response: { 204: Type.Null() },
      },
      config: { access: 'authenticated', errors: ['database_unavailable'] },
    },
    async (request, reply) => {
      await endSessions(dependencies, callerOf(request), request.query.scope ?? 'others')
      reply.code(204)
    },
  )
}
