import type { IncomingMessage } from 'node:http'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { platformErrors } from '../problems/platform.errors.ts'
import { keepAddresses } from './client-address.ts'
import { findConstantHeaders } from './constant-headers.ts'
import { helmetOptions } from './helmet-options.ts'

export interface SecurityOptions {
  /** Origins whose pages may call, separated by commas. */
  origins: string
  /** Longest URL in bytes. */
  urlLimit: number
  /** Whether a request is refused because of the program that it comes from. */
  isBlocked: (request: IncomingMessage) => boolean
}

const exposedHeaders = [
  'etag',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'server-timing',
  'x-consistency-token',
  'x-request-id',
]

const corsOptions: FastifyCorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders,
  maxAge: 600,
}

/** Headers of every response, the CORS allow-list, and how long a URL may be. */
async function security(app: FastifyInstance, { origins, urlLimit, isBlocked }: SecurityOptions) {
  const origin = origins.split(',').filter((origin) => origin !== '')
  const registerHelmet = async (app: FastifyInstance) => {
    await app.register(helmet, helmetOptions)
  }
  const registerCors = async (app: FastifyInstance) => {
    if (origin.length > 0) await app.register(cors, { ...corsOptions, origin })
  }

  await registerHelmet(app)
  app.addHook('onRequest', (request, reply, done) => {
    keepAddresses(request.raw)
    reply.header('x-request-id', request.id)
    if (isBlocked(request.raw)) throw platformErrors.client_blocked()
    if ((request.raw.url as string).length > urlLimit) throw platformErrors.url_too_long()
    if (request.headers['content-encoding'] !== undefined) {
      throw platformErrors.unsupported_media_type('Send the body without a content encoding')
    }
    done()
  })
  // What others may keep says so itself: everything else may be somebody's own.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done(null, payload)
  })
  // It answers preflight requests in its hook, so it comes after what they are refused for.
  await registerCors(app)

  const headers = await findConstantHeaders(async (probe) => {
    await registerHelmet(probe)
    await registerCors(probe)
  })
  app.decorate('constantHeaders', headers)
}

export const securityPlugin = fp(security, { fastify: '5.x', name: 'comanda-security' })
