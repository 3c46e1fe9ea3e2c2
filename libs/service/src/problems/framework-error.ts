import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { requestMessage } from '../logging/request-message.ts'
import { securityHeaders } from '../security/security-headers.ts'
import { pathOf, sendProblem } from './error-handler.ts'

/** Answers a URL that the router cannot read. No hook runs for it, so what hooks would do is done here. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.headers(securityHeaders).header('x-request-id', request.id)
  sendProblem(error, request, reply)
  const { method, url, ip: address } = request
  request.log.info(
    { method, route: null, path: pathOf(url), address, status: reply.statusCode },
    requestMessage,
  )
}
