import { defineErrors } from '@comanda/errors'
import type { Test } from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const errors = defineErrors({ soup_cold: { status: 409, title: 'The soup is cold' } })

const Soup = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    bowls: Type.Integer({ minimum: 1 }),
    spice: Type.Optional(Type.Enum(['mild', 'hot'])),
    toppings: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
  },
  { $id: 'Soup' },
)

/** A service whose routes take soups, and fail in each of the ways that become a problem. */
export async function kitchen(t: Test, env: Record<string, string> = {}) {
  const service = await testService(t, { env })
  const { app } = service
  app.addSchema(Soup)
  const config = { access: 'public' } as const
  app.post(
    '/soups',
    { config, schema: { ...route('Cook'), body: Type.Ref('Soup#') } },
    async ({ body }) => body,
  )
  const Query = Type.Object({
    limit: Type.Integer({ default: 20, maximum: 100 }),
    hot: Type.Optional(Type.Boolean()),
  })
  app.get('/soups', { config, schema: { ...route('List'), querystring: Query } }, async ({ query }) => query)
  app.get('/soups/cold', { config, schema: route('Cold') }, async () => {
    throw errors.soup_cold('Bowl 7 is cold', { extra: { bowl: 7, code: 'forged' }, retryAfterSeconds: 1.2 })
  })
  app.get('/soups/broken', { config, schema: route('Broken') }, async () => {
    throw Object.assign(new Error('select * from secrets'), { code: '42P01' })
  })
  app.get(
    '/keyed',
    {
      config,
      schema: {
        ...route('Keyed'),
        headers: Type.Object({ 'Idempotency-Key': Type.String({ minLength: 8 }) }),
      },
    },
    async () => ({}),
  )
  return service
}
