import type { Test } from 'tap'
import { Type } from 'typebox'
import type { Cache } from '#src/index.ts'
import { cachingService, type TestServiceOptions } from './support.ts'

export const text = 'rice and beans, '.repeat(100)

/** A menu per cafeteria, as a service would declare it, over a table that is a Map. */
export async function menus(
  t: Test,
  cache: Cache,
  table = new Map([['1', 'first']]),
  options: TestServiceOptions = {},
) {
  const { app, lines } = await cachingService(t, cache, options)
  let loads = 0
  app.get(
    '/menus/:id',
    {
      schema: {
        operationId: 'getMenu',
        summary: 'A menu',
        params: Type.Object({ id: Type.String({ maxLength: 8 }) }),
        querystring: Type.Object({ at: Type.Optional(Type.String()) }),
        response: { 200: Type.Object({ name: Type.String(), text: Type.String() }) },
      },
      config: {
        access: 'public',
        cache: {
          ttl: 'short',
          tags: ({ params }) => [`menu:${params.id}`],
          key: ({ params, query }) => (query.at === undefined ? params.id : undefined),
        },
      },
    },
    async ({ params }) => {
      loads++
      return { name: table.get(params.id) ?? 'none', text, secret: 'not in the schema' }
    },
  )
  app.put(
    '/menus/:id',
    {
      schema: {
        operationId: 'setMenu',
        summary: 'Set a menu',
        params: Type.Object({ id: Type.String() }),
        body: Type.Object({ name: Type.String() }),
        response: { 204: Type.Null() },
      },
      config: {
        access: 'public',
        invalidates: ({ params }) => [`menu:${(params as { id: string }).id}`],
      },
    },
    async ({ params, body }, reply) => {
      table.set(params.id, body.name)
      if (body.name === 'broken') throw new Error('after the commit')
      reply.code(204)
    },
  )
  return { app, lines, loads: () => loads }
}
