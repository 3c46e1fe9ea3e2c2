import type { IncomingMessage, Server } from 'node:http'
import { type FastifyBaseLogger, type FastifyHttpOptions, LogController } from 'fastify'
import type { BaseConfig } from './config/load-config.ts'
import { traceIdOf } from './logging/trace-id.ts'
import { answerClientError } from './problems/client-error.ts'
import { frameworkErrorHandler } from './problems/framework-error.ts'
import { createClientAddress } from './security/client-address.ts'
import { requestIdOf } from './security/request-identity.ts'
import type { Tracing } from './tracing/tracing.ts'
import { requestValidators } from './validation/request-validator.ts'
import { responseSerializers } from './validation/response-serializer.ts'

/** How Fastify is set up: everything bounded (0 would be unbounded, and is Fastify's default), nothing answered but problems. */
export function serverOptions(
  config: BaseConfig,
  log: FastifyBaseLogger,
  tracing?: Tracing,
): FastifyHttpOptions<Server> {
  const requestTimeout = config.REQUEST_TIMEOUT_SECONDS * 1000
  return {
    loggerInstance: log,
    bodyLimit: config.BODY_LIMIT_BYTES,
    requestTimeout,
    connectionTimeout: config.CONNECTION_TIMEOUT_SECONDS * 1000,
    keepAliveTimeout: 65_000,
    // Bounds what happens before the listener closes, too: sockets may be drained for as long as a stop may take, which
    // has a deadline of its own.
    pluginTimeout: Math.max(10_000, (config.SHUTDOWN_DEADLINE_SECONDS + 1) * 1000),
    http: {
      maxHeaderSize: config.HEADER_LIMIT_BYTES,
      // Node takes the larger of this and requestTimeout for the whole request, and its default is 60 s.
      headersTimeout: requestTimeout,
      // Node checks for late requests every 30 s by default.
      connectionsCheckingInterval: 1_000,
    },
    trustProxy: trustedProxies(config.TRUST_PROXY),
    return503OnClosing: false,
    genReqId: requestIdOf,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    childLoggerFactory: tracing === undefined ? childLoggerFactory : tracedLoggerFactory(tracing),
    frameworkErrors: frameworkErrorHandler(createClientAddress(config.TRUST_PROXY)),
    clientErrorHandler: answerClientError,
    schemaController: {
      compilersFactory: {
        buildValidator: requestValidators() as never,
        buildSerializer: responseSerializers() as never,
      },
    },
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

/** The first that Fastify makes for a request is its logger, and its lines need the trace that the span decides. */
function tracedLoggerFactory(tracing: Tracing): typeof childLoggerFactory {
  return function tracedLogger(log, bindings, options, request) {
    tracing.startRequest(request)
    return childLoggerFactory.call(this, log, bindings, options, request)
  }
}

function trustedProxies(text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text
}
