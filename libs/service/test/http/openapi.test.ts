import { defineErrors } from '@comanda/errors'
import t from 'tap'
import { Type } from 'typebox'
import type { OpenApiDocument, OpenApiOperation } from '#src/openapi/openapi-document.ts'
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

/** A response of an operation, common ones looked up. */
function responseOf(
  { components }: OpenApiDocument,
  operation: OpenApiOperation | undefined,
  status: number,
) {
  const response = operation?.responses[status]
  if (response?.$ref === undefined) return response
  return components.responses?.[response.$ref.replace('#/components/responses/', '')]
}

function codesOf(document: OpenApiDocument, operation: OpenApiOperation | undefined, status: number) {
  const response = responseOf(document, operation, status)
  t.same(response?.content, {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  })
  for (const code of response?.['x-error-codes'] ?? []) t.match(response?.description, `\`${code}\``)
  return response?.['x-error-codes']
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
    'Pagination',
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
  t.same(codesOf(openapi, add, 400), ['malformed_url', 'validation_failed', 'malformed_json'])
  t.same(codesOf(openapi, add, 401), [
    'access_token_missing',
    'access_token_invalid',
    'access_token_expired',
    'session_revoked',
  ])
  t.same(codesOf(openapi, add, 403), ['forbidden_role', 'client_blocked'])
  t.same(codesOf(openapi, add, 409), ['bowl_taken', 'bowl_broken'])
  t.same(codesOf(openapi, add, 413), ['body_too_large'])
  t.same(codesOf(openapi, add, 414), ['url_too_long'])
  t.same(codesOf(openapi, add, 415), ['unsupported_media_type'])
  t.same(codesOf(openapi, add, 429), ['rate_limited'])
  t.same(codesOf(openapi, add, 500), ['internal_error'])
  t.same(codesOf(openapi, add, 503), ['overloaded', 'handler_timeout'])
  t.match(add?.responses[409]?.description, /`bowl_taken`: The bowl is taken\n- `bowl_broken`/)
  t.match(add?.responses[201], { description: 'Created' })
})

t.test('a public read promises no more than it may answer', async (t) => {
  const { openapi } = await document(t)
  const list = openapi.paths['/v1/bowls']?.get
  t.match(list, { 'x-access': 'public', security: [], 'x-rate-limit': 'publicRead' })
  t.same(Object.keys(list?.responses ?? {}), ['200', '400', '403', '414', '429', '500', '503'])
  const live = openapi.paths['/health/live']?.get
  t.same(Object.keys(live?.responses ?? {}), ['200', '400', '403', '414', '500'])
})

t.test('a response that the route describes itself is left as it is', async (t) => {
  const { openapi } = await document(t)
  t.match(openapi.paths['/v1/bowls/{id}']?.post?.responses[409], { description: 'Its own' })
})

t.test('request bodies say that they refuse unknown members, at every level', async (t) => {
  const { openapi } = await document(t)
  const add = openapi.paths['/v1/bowls']?.post
  t.match(add?.requestBody?.content['application/json']?.schema, {
    additionalProperties: false,
    properties: { lid: { additionalProperties: false } },
  })
})

t.test('what most operations may answer is said once, and when to try again', async (t) => {
  const { openapi } = await document(t)
  const { responses } = openapi.paths['/v1/bowls']?.post ?? {}
  t.same(responses?.[429], { $ref: '#/components/responses/RateLimited' })
  t.same(responses?.[500], { $ref: '#/components/responses/InternalError' })
  t.notOk(responses?.[409]?.$ref, 'its own conflict it says itself')
  t.match(openapi.components.responses?.['RateLimited'], {
    description: /`rate_limited`/,
    headers: { 'retry-after': { schema: { type: 'integer' } } },
  })
  t.same(
    Object.keys(openapi.components.responses ?? {}),
    Object.keys(openapi.components.responses ?? {}).toSorted(),
  )
})

t.test('a client sees what it may leave out, and what it may choose from', async (t) => {
  const { app } = await testService(t)
  const Size = Type.Union([Type.Literal('small'), Type.Literal('large')], { description: 'How much' })
  const Order = Type.Object({ size: Size, lid: Type.Enum(['with', 'without']) })
  const schema = (operationId: string) => ({ operationId, summary: operationId })
  const config = { access: 'public' } as const
  const answer = async () => ({})
  app.post(
    '/v1/soups',
    { config, schema: { ...schema('optional'), body: Type.Union([Order, Type.Null()]) } },
    answer,
  )
  const Nothing = Type.Object({}, { additionalProperties: false })
  app.post(
    '/v1/spoons',
    { config, schema: { ...schema('empty'), body: Type.Union([Nothing, Type.Null()]) } },
    answer,
  )
  const querystring = Type.Object({ limit: Type.Integer({ default: 20 }), at: Type.String() })
  app.get('/v1/soups', { config, schema: { ...schema('list'), querystring } }, answer)
  app.put(
    '/v1/soups',
    {
      config: { ...config, answerHeaders: ['etag'] },
      schema: { ...schema('make'), body: Order, security: [{}, { bearer: [] }], response: { 200: Order } },
    },
    async () => ({ size: 'small' as const, lid: 'with' as const }),
  )
  await app.ready()
  const { paths } = app.openapi()

  const optional = paths['/v1/soups']?.['post']?.requestBody
  t.same(optional?.content['application/json']?.schema, {
    type: 'object',
    required: ['size', 'lid'],
    properties: {
      size: { type: 'string', description: 'How much', enum: ['small', 'large'] },
      lid: { type: 'string', enum: ['with', 'without'] },
    },
    additionalProperties: false,
  })
  t.notOk(optional?.required)
  t.notOk(paths['/v1/spoons']?.['post']?.requestBody, 'a body that can only be empty is none')
  const required = paths['/v1/soups']?.['get']?.parameters?.map((one) => [one.name, one.required ?? false])
  t.same(
    required,
    [
      ['limit', false],
      ['at', true],
    ],
    'what has a default need not be given',
  )
  const make = paths['/v1/soups']?.['put']
  t.equal(make?.requestBody?.required, true)
  t.same(make?.security, [{}, { bearer: [] }])
  t.match(make?.responses[200], { description: 'OK', headers: { etag: { schema: { type: 'string' } } } })
  t.equal((await app.inject({ method: 'POST', url: '/v1/spoons' })).statusCode, 200)
  t.match((await app.inject('/v1/soups')).json(), { code: 'validation_failed', errors: [{ field: 'at' }] })
})

t.test('the document and its page are served', async (t) => {
  const { app, openapi } = await document(t)
  t.same((await app.inject('/docs/json')).json(), JSON.parse(JSON.stringify(openapi)))
  t.match((await app.inject('/docs')).headers['content-type'], /text\/html/)
})
