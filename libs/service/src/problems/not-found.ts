import type { FastifyInstance } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { platformErrors } from './platform.errors.ts'

/**
 * Answers what no route answers: 405 with `allow` where another method would do, 404 otherwise. It does so before a body is read,
 * because nothing is there that could take one, and a fault of the body would hide the answer.
 * @param methodsOf which methods a path takes; none when nothing is at that path
 */
export function refuseUnknownRoutes(app: FastifyInstance, methodsOf: (path: string) => string[]): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done()
    const allowed = methodsOf(pathOf(request.url)).join(', ')
    const refuse = () => {
      if (allowed === '') return done(platformErrors.route_not_found())
      reply.header('allow', allowed)
      done(platformErrors.method_not_allowed(`This address takes ${allowed}`))
    }
    if (app.unknownRouteLimit === undefined) return refuse()
    app.unknownRouteLimit(request, reply).then(refuse, done)
  })
}
