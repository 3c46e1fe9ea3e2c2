import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { validationFailed } from '../problems/validation-failed.ts'

/** Refuses a query with both a page and a cursor: they name different places in a list, and one of them would be ignored in silence. */
async function oneWayToPage(app: FastifyInstance) {
  app.addHook('onRoute', (route) => {
    const { properties = {} } = (route.schema?.querystring ?? {}) as { properties?: object }
    if (!('page' in properties && 'cursor' in properties)) return
    route.preHandler = [
      (request, _reply, done) => {
        const { page, cursor } = request.query as { page?: number; cursor?: string }
        done(page === undefined || cursor === undefined ? undefined : refused())
      },
      ...[route.preHandler ?? []].flat(),
    ]
  })
}

const refused = () => validationFailed([{ field: 'page', message: 'must not be given together with cursor' }])

export const oneWayToPagePlugin = fp(oneWayToPage, { fastify: '5.x', name: 'comanda-one-way-to-page' })
