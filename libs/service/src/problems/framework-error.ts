import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { requestMessage } from '../logging/request-message.ts'
import { sendProblem } from './error-handler.ts'

/** Answers a URL that the router cannot read. No hook runs for it, so what hooks would do is done here. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.headers(request.server.constantHeaders).header('x-request-id', request.id)
  request.server.leaveUnread(request, reply)
  sendProblem(error, request, reply)
  const { method, url, ip: address } = request
  request.log.info(
    { method, route: null, path: pathOf(url), address, status: reply.statusCode },
    requestMessage,
  )
}
