import t from 'tap'
import { compareDocuments } from '../scripts/openapi/compare-documents.ts'
import { withResponses } from '../scripts/openapi/documents.ts'

/** A released document; each case says how it changes. */
const released = {
  paths: {
    '/v1/orders/{id}': {
      post: {
        operationId: 'changeOrder',
        'x-access': 'authenticated',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 100 } },
          { name: 'if-match', in: 'header', required: false, schema: { type: 'string' } },
        ],
        requestBody: {
          required: false,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Change' } } },
        },
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
          '404': {
            content: {
              'application/problem+json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Problem' },
                    { type: 'object', properties: { code: { type: 'string', enum: ['order_not_found'] } } },
                  ],
                },
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Change: {
        type: 'object',
        additionalProperties: false,
        required: ['method'],
        properties: {
          method: {
            anyOf: [
              { type: 'string', const: 'wallet' },
              { type: 'string', const: 'card' },
            ],
          },
          note: { type: 'string', maxLength: 200 },
        },
      },
      Order: {
        type: 'object',
        required: ['id', 'items'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          status: { type: 'string', enum: ['placed', 'ready'] },
          total: { type: 'integer' },
          items: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
          replaces: { $ref: '#/components/schemas/Order' },
        },
      },
      Problem: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
    },
  },
}

type Document = typeof released
/** The parts are whatever the case makes of them. */
type Edit = (document: Document, parts: { operation: any; change: any; order: any }) => void

// biome-ignore format: a table is read in lines
const cases: [change: string, edit: Edit, told: string | null][] = [
  ['nothing', () => {}, null],
  ['a path is gone', (d) => Object.assign(d, { paths: {} }), 'BREAKING is gone'],
  ['a path parameter has another name', (d) => Object.assign(d, { paths: renamed(d.paths) }), null],
  ['an operation is added', (d) => Object.assign(d.paths, { '/v1/new': d.paths['/v1/orders/{id}'] }), null],
  ['the operationId changes', (_, p) => (p.operation.operationId = 'x'), 'BREAKING operationId was changeOrder, is now x'],
  ['fewer may call it', (_, p) => (p.operation['x-access'] = 'staff'), 'BREAKING access was authenticated, is now staff'],
  ['more may call it', (_, p) => (p.operation['x-access'] = 'public'), null],

  ['a query parameter is gone', (_, p) => p.operation.parameters.splice(1, 1), 'BREAKING query parameter limit is gone'],
  ['a header is no longer read', (_, p) => p.operation.parameters.pop(), null],
  ['a header becomes required', (_, p) => (p.operation.parameters[2].required = true), 'BREAKING header parameter if-match is now required'],
  ['a required query parameter is added', (_, p) => p.operation.parameters.push({ name: 'at', in: 'query', required: true }), 'BREAKING query parameter at is now required'],
  ['an optional query parameter is added', (_, p) => p.operation.parameters.push({ name: 'at', in: 'query' }), null],
  ['a parameter has a lower maximum', (_, p) => (p.operation.parameters[1].schema.maximum = 50), 'BREAKING query parameter limit maximum was 100, is now 50'],
  ['a parameter has a higher maximum', (_, p) => (p.operation.parameters[1].schema.maximum = 500), null],
  ['a parameter changes its type', (_, p) => (p.operation.parameters[1].schema = { type: 'boolean' }), 'BREAKING query parameter limit type was integer, is now boolean'],
  ['a parameter accepts any number', (_, p) => (p.operation.parameters[1].schema = { type: 'number' }), null],

  ['a body becomes required', (_, p) => (p.operation.requestBody.required = true), 'BREAKING a body is now required'],
  ['another content type is wanted', (_, p) => (p.operation.requestBody.content = {}), 'BREAKING a body of application/json is no longer accepted'],
  ['a required property is added to a body', (_, p) => p.change.required.push('pin'), 'BREAKING body: pin is now required'],
  ['an optional property is added to a body', (_, p) => (p.change.properties.pin = { type: 'string' }), null],
  ['a property of a body is gone', (_, p) => delete p.change.properties.note, 'BREAKING body: note is no longer known'],
  ['a value of a body is gone', (_, p) => p.change.properties.method.anyOf.pop(), 'BREAKING body: method "card" is no longer accepted'],
  ['a value is added to a body', (_, p) => p.change.properties.method.anyOf.push({ const: 'cash' }), null],
  ['a text of a body must be shorter', (_, p) => (p.change.properties.note.maxLength = 20), 'BREAKING body: note maxLength was 200, is now 20'],
  ['a text of a body has a pattern', (_, p) => (p.change.properties.note.pattern = '^x'), 'BREAKING body: note pattern was anything, is now ^x'],

  ['a response is gone', (_, p) => delete p.operation.responses[404], 'BREAKING response 404 is gone'],
  ['a response changes its type', (_, p) => (p.operation.responses[200].content = {}), 'BREAKING response 200 is no longer application/json'],
  ['a property of a response is gone', (_, p) => delete p.order.properties.total, 'BREAKING response 200: total is gone'],
  ['a property of a response becomes optional', (_, p) => p.order.required.shift(), 'BREAKING response 200: id may now be missing'],
  ['a property of a response becomes required', (_, p) => p.order.required.push('total'), null],
  ['a property is added to a response', (_, p) => (p.order.properties.eta = { type: 'string' }), null],
  ['a property of a response may be null', (_, p) => (p.order.properties.total.type = ['integer', 'null']), 'BREAKING response 200: total type was integer, is now integer or null'],
  ['a nested property changes its type', (_, p) => (p.order.properties.items.items.properties.name.type = 'integer'), 'BREAKING response 200: items[].name type was string, is now integer'],
  ['a response has a new value', (_, p) => p.order.properties.status.enum.push('late'), 'warning response 200: status "late" is a new value'],
  ['a response has one value less', (_, p) => p.order.properties.status.enum.pop(), null],
  ['an error has a new code', (_, p) => codesOf(p.operation).push('gone'), 'warning response 404: code "gone" is a new value'],
  ['a response has another format', (_, p) => delete p.order.properties.id.format, 'warning response 200: id format was uuid, is now anything'],
]

const renamed = (paths: Document['paths']) => ({ '/v1/orders/{orderId}': paths['/v1/orders/{id}'] })
const codesOf = (operation: Document['paths']['/v1/orders/{id}']['post']) =>
  operation.responses['404'].content['application/problem+json'].schema.allOf[1]?.properties?.code.enum ?? []

t.test('a change of an API is told when its clients would notice', async (t) => {
  for (const [change, edit, told] of cases) {
    const current = structuredClone(released)
    const operation = current.paths['/v1/orders/{id}'].post
    edit(current, {
      operation,
      change: current.components.schemas.Change,
      order: current.components.schemas.Order,
    })
    const changes = compareDocuments(released, current)
    const sentences = changes.map(({ what, breaking }) => `${breaking ? 'BREAKING' : 'warning'} ${what}`)
    t.same(sentences, told === null ? [] : [told], change)
  }
})

t.test('a change names the operation it is in', async (t) => {
  const [change] = compareDocuments(released, { paths: {} })
  t.equal(change?.operation, 'POST /v1/orders/{id}')
})

t.test('a response that operations have in common is compared in each of them', (t) => {
  const inCommon = (content: Record<string, { schema: object }>) => ({
    ...released,
    paths: {
      '/v1/orders/{id}': { post: { responses: { '409': { $ref: '#/components/responses/Conflict' } } } },
    },
    components: { ...released.components, responses: { Conflict: { content } } },
  })
  const problem = { 'application/problem+json': { schema: { type: 'object' } } }
  t.same(compareDocuments(withResponses(inCommon(problem)), withResponses(inCommon({}))), [
    {
      operation: 'POST /v1/orders/{id}',
      what: 'response 409 is no longer application/problem+json',
      breaking: true,
    },
  ])
  const { components } = inCommon(problem)
  t.throws(
    () => withResponses({ ...inCommon(problem), components: { ...components, responses: {} } }),
    /Conflict is not/,
  )
  t.end()
})
