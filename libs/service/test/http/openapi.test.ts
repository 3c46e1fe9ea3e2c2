import { defineErrors } from '@comanda/errors'
import t from 'tap'
import { Type } from 'typebox'
import type { OpenApiOperation } from '#src/openapi/openapi.plugin.ts'
import { testService } from '../support.ts'

defineErrors({
  bowl_taken: { status: 409, title: 'The bowl is taken' },
  bowl_broken: { status: 409, title: 'The bowl is broken' },
})

const Bowl = Type.Object({ id: Type.String({ format: 'uuid' }), litres: Type.Number() }, { $id: 'Bowl' })
const NewBowl = Type.Object({ litres: Type.Number(), lid: Type.Object({ colour: Type.String() }) })

async function document(t: Parameters<typeof testService>[0]) {
  const { app } = await testService(t, { openapi: { title: 'Bowls', description: 'All about bowls' } })
  app.addSchema(Bowl)
  app.post(
    '/v1/bowls/:id',
    {
      config: { access: 'staff', errors: ['bowl_taken', 'bowl_broken'], limit: 'expensive' },
      schema: {
        operationId: 'makeBowl',
        summary: 'Make a bowl',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        body: NewBowl,
        response: {
          201: Type.Ref('Bowl#'),
          409: Type.Object({ own: Type.String() }, { description: 'Its own' }),
        },
      },
    },
    async () => ({}),
  )
  app.post(
    '/v1/bowls',
    {
      config: { access: 'staff', errors: ['bowl_taken', 'bowl_broken'] },
      schema: { operationId: 'addBowl', summary: 'Add', body: NewBowl, response: { 201: Type.Ref('Bowl#') } },
    },
    async () => ({}),
  )
  app.get(
    '/v1/bowls',
    {
      config: { access: 'public' },
      schema: { operationId: 'listBowls', summary: 'List', response: { 200: Type.Array(Type.Ref('Bowl#')) } },
    },
    async () => [],
  )
  await app.ready()
  return { app, openapi: app.openapi() }
}

const codesOf = (operation: OpenApiOperation | undefined, status: number) => {
  const schema = operation?.responses[status]?.content?.['application/problem+json']?.schema as {
    allOf: [{ $ref: string }, { properties: { code: { enum: string[] } } }]
  }
  t.equal(schema?.allOf[0].$ref, '#/components/schemas/Problem')
  return schema?.allOf[1].properties.code.enum
}

t.test('the document is OpenAPI 3.1 with named components and nothing of the inside', async (t) => {
  const { openapi } = await document(t)
  t.match(openapi, {
    openapi: '3.1.0',
    info: { title: 'Bowls', version: '1.2.3', description: 'All about bowls' },
  })
  t.same(Object.keys(openapi.components.schemas).toSorted(), [
    'Bowl',
    'Health',
    'Liveness',
    'Problem',
    'Readiness',
  ])
  t.same(Object.keys(openapi.paths).toSorted(), [
    '/health',
    '/health/live',
    '/health/ready',
    '/v1/bowls',
    '/v1/bowls/{id}',
  ])
  t.same(Object.keys(openapi.paths['/v1/bowls'] ?? {}).toSorted(), ['get', 'post'], 'HEAD is not documented')
  t.notMatch(JSON.stringify(openapi), /def-\d|Default Response/)
})

t.test('an operation says who may call it and every code it may answer', async (t) => {
  const { openapi } = await document(t)
  const add = openapi.paths['/v1/bowls']?.post
  t.match(add, {
    operationId: 'addBowl',
    'x-access': 'staff',
    'x-rate-limit': 'api',
    security: [{ bearer: [] }],
  })
  t.same(codesOf(add, 400), ['validation_failed', 'malformed_json'])
  t.same(codesOf(add, 401), [
    'access_token_missing',
    'access_token_invalid',
    'access_token_expired',
    'session_revoked',
  ])
  t.same(codesOf(add, 403), ['forbidden_role'])
  t.same(codesOf(add, 409), ['bowl_taken', 'bowl_broken'])
  t.same(codesOf(add, 413), ['body_too_large'])
  t.same(codesOf(add, 415), ['unsupported_media_type'])
  t.same(codesOf(add, 429), ['rate_limited'])
  t.same(codesOf(add, 500), ['internal_error'])
  t.same(codesOf(add, 503), ['overloaded', 'handler_timeout'])
  t.match(add?.responses[409]?.description, /`bowl_taken`: The bowl is taken\n- `bowl_broken`/)
  t.match(add?.responses[201], { description: 'Created' })
})

t.test('a public read promises no more than it may answer', async (t) => {
  const { openapi } = await document(t)
  const list = openapi.paths['/v1/bowls']?.get
  t.match(list, { 'x-access': 'public', security: [], 'x-rate-limit': 'publicRead' })
  t.same(Object.keys(list?.responses ?? {}), ['200', '429', '500', '503'])
  const live = openapi.paths['/health/live']?.get
  t.same(Object.keys(live?.responses ?? {}), ['200', '500'])
})

t.test('a response that the route describes itself is left as it is', async (t) => {
  const { openapi } = await document(t)
  t.match(openapi.paths['/v1/bowls/{id}']?.post?.responses[409], { description: 'Its own' })
})

t.test('request bodies say that they refuse unknown members, at every level', async (t) => {
  const { openapi } = await document(t)
  const add = openapi.paths['/v1/bowls']?.post as unknown as {
    requestBody: { content: Record<string, { schema: object }> }
  }
  t.match(add.requestBody.content['application/json']?.schema, {
    additionalProperties: false,
    properties: { lid: { additionalProperties: false } },
  })
})

t.test('the document and its page are served', async (t) => {
  const { app, openapi } = await document(t)
  t.same((await app.inject('/docs/json')).json(), JSON.parse(JSON.stringify(openapi)))
  t.match((await app.inject('/docs')).headers['content-type'], /text\/html/)
})
