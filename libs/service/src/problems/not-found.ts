import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { platformErrors } from './platform.errors.ts'

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Answers what no route answers: 405 with `allow` where another method would do, 404 otherwise. */
export function notFoundHandler(app: FastifyInstance) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const url = pathOf(request.url)
    const allowed = methods.filter((method) => app.findRoute({ method, url }) !== null)
    if (allowed.length === 0) throw platformErrors.route_not_found()
    reply.header('allow', allowed.join(', '))
    throw platformErrors.method_not_allowed(`This address takes ${allowed.join(', ')}`)
  }
}
