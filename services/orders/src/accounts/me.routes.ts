import { callerOf, clientSignal, refTo, type Service } from '@comanda/service'
import { Type } from 'typebox'
import { ChangePassword, UpdateMe, User } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { changePassword, getMe, updateMe } from './me.service.ts'

export function meRoutes(app: Service, dependencies: AccountsDependencies): void {
  const { database } = dependencies

  app.get(
    '/v1/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'Who the caller is, and where they work',
        description: 'As of now; an access token carries what was true when it was issued.',
        tags: ['accounts'],
        response: { 200: refTo(User) },
      },
      config: { access: 'authenticated', errors: ['database_unavailable'] },
    },
    (request) => getMe(database, callerOf(request)),
  )

  app.patch(
    '/v1/me',
    {
      schema: {
        operationId: 'updateMe',
        summary: 'Change name or language',
        tags: ['accounts'],
        body: refTo(UpdateMe),
        response: { 200: refTo(User) },
      },
      config: { access: 'authenticated', errors: ['database_unavailable'] },
    },
    (request) => updateMe(database, callerOf(request), request.body),
  )

  app.post(
    '/v1/me/password',
    {
      schema: {
        operationId: 'changePassword',
        summary: 'Change the password, and log out everywhere else',
        tags: ['accounts'],
        body: refTo(ChangePassword),
        response: { 204: Type.Null() },
      },
      config: {
        access: 'authenticated',
        limit: 'codes',
        errors: ['wrong_password', 'password_too_weak', 'password_checks_busy', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const client = { ip: request.ip, signal: clientSignal(reply) }
      await changePassword(dependencies, callerOf(request), request.body, client)
      reply.code(204)
    },
  )
}
