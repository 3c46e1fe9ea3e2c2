import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '@comanda/access'
import { AppError } from '@comanda/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { platformErrors } from '../problems/platform.errors.ts'
import { type Access, mayUse } from './route-access.ts'

/** Turns a bearer token into its caller, or throws a coded 401; it also checks that the session is not revoked. */
export type Authenticate = (token: string) => Caller | Promise<Caller>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on a public route without a valid token. Use `callerOf` where the route needs one. */
    caller: Caller | null
  }
}

const bearer = /^Bearer +([\w.~+/=-]+)$/i

/** Finds the caller of every request by its bearer token, and refuses whoever may not use the route. */
async function authentication(app: FastifyInstance, options: { authenticate: Authenticate | undefined }) {
  const { authenticate } = options
  app.decorateRequest('caller', null)

  app.addHook('onRequest', (request, reply, done) => {
    const access = request.routeOptions.config.access ?? 'public'
    const token = tokenOf(request)
    if (token === undefined || authenticate === undefined) return done(refusal(null, access))
    try {
      const answer = authenticate(token)
      // A verified token is usually in memory: a promise per request is only worth it when there is something to wait for.
      if (answer instanceof Promise) answer.then(admit, reject)
      else admit(answer)
    } catch (error) {
      reject(error)
    }

    function admit(caller: Caller) {
      request.caller = caller
      done(refusal(caller, access))
    }
    // A public route is not closed to someone whose token has expired: they are a stranger there.
    function reject(error: unknown) {
      if (access === 'public' && error instanceof AppError && error.status === 401) return done()
      if (error instanceof AppError && error.status === 401)
        reply.header('www-authenticate', `Bearer error="invalid_token"`)
      done(error as Error)
    }
  })
}

/** The bearer token that a request came with, valid or not. */
export function tokenOf({ headers }: { headers: IncomingHttpHeaders }): string | undefined {
  const { authorization } = headers
  return authorization === undefined ? undefined : bearer.exec(authorization)?.[1]
}

function refusal(caller: Caller | null, access: Access): AppError | undefined {
  if (mayUse(caller, access)) return undefined
  return caller === null ? platformErrors.access_token_missing() : platformErrors.forbidden_role()
}

/** The caller of a route that is not public. Throws `access_token_missing` where there is none. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw platformErrors.access_token_missing()
  return request.caller
}

export const authenticationPlugin = fp(authentication, { fastify: '5.x', name: 'comanda-authentication' })
