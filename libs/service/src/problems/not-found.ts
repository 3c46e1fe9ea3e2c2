import type { FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { platformErrors } from './platform.errors.ts'

/** Answers what no route answers: 405 with `allow` where another method would do, 404 otherwise. */
export function notFoundHandler(allowedMethods: (path: string) => string[]) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const allowed = allowedMethods(pathOf(request.url)).join(', ')
    if (allowed === '') throw platformErrors.route_not_found()
    reply.header('allow', allowed)
    throw platformErrors.method_not_allowed(`This address takes ${allowed}`)
  }
}
