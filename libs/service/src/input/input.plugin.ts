import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { platformErrors } from '../problems/platform.errors.ts'
import { refuseNotUtf8, unfitRefusal } from './refuse-unfit.ts'
import { findUnfitParameter } from './unfit-url.ts'

/**
 * The gate for what comes in, whatever its route: URLs and bodies are refused, with the name of the field, when they contain what
 * could not be stored and answered as it was sent. Converted parameters pass it in the validator, messages of sockets by `refuseUnfit`.
 */
async function input(app: FastifyInstance) {
  app.addHook('onRequest', (request, _reply, done) => {
    const fault = findUnfitParameter(request.raw.url as string)
    if (fault === undefined) return done()
    throw platformErrors.malformed_url(`${fault.field} ${fault.message}`, { extra: { errors: [fault] } })
  })

  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    refuseNotUtf8(body)
    return parse(request, body.toString('utf8'), (error, value) => done(error ?? unfitRefusal(value), value))
  })
}

export const inputPlugin = fp(input, { fastify: '5.x', name: 'comanda-input' })
