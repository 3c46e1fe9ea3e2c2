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
  'x-consistency-token',
  'x-request-id',
]

/** An escaped U+0000 in JSON, which Postgres can store in no text; an even number of backslashes before it escape themselves. */
const nul = /(?<!\\)(?:\\\\)*\\u0000/
const noNul = 'Text must not contain the character U+0000'

/** Headers of every response, the CORS allow-list, and what no URL or body may contain (SEC-2). */
async function security(app: FastifyInstance, { origins, urlLimit }: SecurityOptions) {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders)
    reply.header('x-request-id', request.id)
    if ((request.raw.url as string).length > urlLimit) throw platformErrors.url_too_long()
    if ((request.raw.url as string).includes('%00')) throw platformErrors.malformed_url(noNul)
    if (request.headers['content-encoding'] !== undefined) {
      throw platformErrors.unsupported_media_type('Send the body without a content encoding')
    }
    done()
  })

  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (nul.test(body as string)) return done(platformErrors.malformed_json(noNul))
    return parse(request, body as string, done)
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
