import { callerOf, clientSignal, refTo, type Service } from '@comanda/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Login, LogoutBody, Refresh, Register, SignedIn } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { type Device, login, refresh, register } from './auth.service.ts'
import { endSession, endSessionOfToken } from './sessions.service.ts'

export function authRoutes(app: Service, dependencies: AccountsDependencies): void {
  app.post(
    '/v1/auth/register',
    {
      schema: {
        operationId: 'register',
        summary: 'Open an account, and log in',
        tags: ['accounts'],
        body: refTo(Register),
        response: { 201: refTo(SignedIn) },
      },
      config: {
        access: 'public',
        limit: 'registration',
        errors: ['email_taken', 'password_too_weak', 'password_checks_busy', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const answer = await register(dependencies, request.body, deviceOf(request, reply))
      unstored(reply).code(201)
      return answer
    },
  )

  app.post(
    '/v1/auth/login',
    {
      schema: {
        operationId: 'login',
        summary: 'Begin a session',
        description: 'An unknown address and a wrong password are the same answer.',
        tags: ['accounts'],
        body: refTo(Login),
        response: { 200: refTo(SignedIn) },
      },
      config: {
        access: 'public',
        limit: 'login',
        errors: ['invalid_credentials', 'password_checks_busy', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const answer = await login(dependencies, request.body, deviceOf(request, reply))
      unstored(reply)
      return answer
    },
  )

  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        operationId: 'refreshSession',
        summary: 'Exchange a refresh token for new tokens',
        description:
          'Every refresh token works once. One that comes again is taken for stolen, and ends its session. The new access token carries the roles of this moment. A session ends 30 days after its last refresh, and 180 days after it began.',
        tags: ['accounts'],
        body: refTo(Refresh),
        response: { 200: refTo(SignedIn) },
      },
      config: {
        access: 'public',
        // The limit by address is high: a campus behind one address refreshes all the time, and nobody guesses 256 random bits.
        limit: 'publicRead',
        errors: ['refresh_token_invalid', 'refresh_token_reused', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const answer = await refresh(dependencies, request.body.refreshToken)
      unstored(reply)
      return answer
    },
  )

  app.post(
    '/v1/auth/logout',
    {
      schema: {
        operationId: 'logout',
        summary: 'End the session',
        description:
          'The session of the refresh token, when there is one in the body, so that nobody needs a valid access token to leave; otherwise the session of the access token. Ending an ended session is fine.',
        tags: ['accounts'],
        body: LogoutBody,
        security: [{}, { bearer: [] }],
        response: { 204: Type.Null() },
      },
      config: {
        access: 'public',
        limit: 'publicRead',
        errors: ['access_token_missing', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const refreshToken = request.body?.refreshToken
      if (refreshToken === undefined) await endSession(dependencies, callerOf(request))
      else await endSessionOfToken(dependencies, refreshToken)
      reply.code(204)
    },
  )
}

/** The device of a request. A user agent may be of any length; the list of sessions needs only its beginning. */
function deviceOf(request: FastifyRequest, reply: FastifyReply): Device {
  return {
    userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
    address: request.ip,
    signal: clientSignal(reply),
  }
}

/** Tokens must not stay in caches (RFC 6749, 5.1). */
function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store')
}
