import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { platformErrors } from '../problems/platform.errors.ts'
import { securityHeaders } from './security-headers.ts'

export interface SecurityOptions {
  /** Origins whose pages may call, separated by commas. */
  origins: string
  /** Longest URL in bytes. */
  urlLimit: number
}

const exposedHeaders = [
  'etag',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'server-timing',
  'x-request-id',
]

/** Headers of every response, the CORS allow-list, and the limit on URLs (SEC-2). */
async function security(app: FastifyInstance, { origins, urlLimit }: SecurityOptions) {
  const headers = securityHeaders()

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers)
    reply.header('x-request-id', request.id)
    if ((request.raw.url as string).length > urlLimit) throw platformErrors.url_too_long()
    if (request.headers['content-encoding'] !== undefined) {
      throw platformErrors.unsupported_media_type('Send the body without a content encoding')
    }
    done()
  })

  const allowed = origins.split(',').filter((origin) => origin !== '')
  if (allowed.length > 0) {
    await app.register(cors, {
      origin: allowed,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders,
      maxAge: 600,
    })
  }
}

export const securityPlugin = fp(security, { fastify: '5.x', name: 'comanda-security' })
