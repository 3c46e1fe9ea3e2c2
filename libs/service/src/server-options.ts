import type { IncomingMessage, Server } from 'node:http'
import type { FastifyBaseLogger, FastifyHttpOptions } from 'fastify'
import type { BaseConfig } from './config/load-config.ts'
import { traceIdOf } from './logging/trace-id.ts'
import { answerClientError } from './problems/client-error.ts'
import { sendProblem } from './problems/error-handler.ts'
import { requestIdOf } from './security/request-identity.ts'
import { buildRequestValidator } from './validation/request-validator.ts'

/** How Fastify is set up: everything bounded (0 would be unbounded, and is Fastify's default), nothing answered but problems. */
export function serverOptions(
  config: BaseConfig,
  log: FastifyBaseLogger,
): FastifyHttpOptions<Server, FastifyBaseLogger> {
  return {
    loggerInstance: log,
    bodyLimit: config.BODY_LIMIT_BYTES,
    requestTimeout: config.REQUEST_TIMEOUT_SECONDS * 1000,
    connectionTimeout: config.CONNECTION_TIMEOUT_SECONDS * 1000,
    handlerTimeout: config.HANDLER_TIMEOUT_SECONDS * 1000,
    keepAliveTimeout: 65_000,
    http: { maxHeaderSize: config.HEADER_LIMIT_BYTES },
    trustProxy: trustedProxies(config.TRUST_PROXY),
    return503OnClosing: false,
    disableRequestLogging: true,
    genReqId: requestIdOf as (request: unknown) => string,
    requestIdLogLabel: 'requestId',
    childLoggerFactory,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: answerClientError,
    schemaController: { compilersFactory: { buildValidator: buildRequestValidator as never } },
  }
}

/** Every line of a request carries its trace id, when it came with one. */
function childLoggerFactory(
  this: unknown,
  log: FastifyBaseLogger,
  bindings: Record<string, unknown>,
  options: object,
  request: IncomingMessage,
): FastifyBaseLogger {
  const traceId = traceIdOf(request.headers.traceparent)
  return log.child(traceId === undefined ? bindings : { ...bindings, traceId }, options)
}

function trustedProxies(text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text
}
