import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Redis } from './redis/create-redis.ts'

/** A Fastify instance as `buildService` makes it, its routes typed by their TypeBox schemas. */
export type Service = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
> & {
  /** The client that the service was built with, registered by @fastify/redis. */
  redis: Redis
}
