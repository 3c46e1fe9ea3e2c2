import type { IncomingMessage } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../logging/path-of.ts'
import { requestMessage } from '../logging/request-message.ts'
import { sendProblem } from './error-handler.ts'

/**
 * Makes what answers a URL that the router cannot read. No hook runs for it, so what hooks would do is done here. The request that Fastify
 * makes for it does not know of proxies, so `addressOf` finds the address of the client.
 */
export function frameworkErrorHandler(addressOf: (request: IncomingMessage) => string) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers(request.server.constantHeaders).header('x-request-id', request.id)
    request.server.leaveUnread(request, reply)
    sendProblem(error, request, reply)
    const { method, url } = request
    const address = addressOf(request.raw)
    request.log.info(
      { method, route: null, path: pathOf(url), address, status: reply.statusCode },
      requestMessage,
    )
  }
}
