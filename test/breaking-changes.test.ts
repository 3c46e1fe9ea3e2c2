import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { compareDocuments } from '../scripts/openapi/compare-documents.ts'
import { withResponses } from '../scripts/openapi/documents.ts'
import { installOasdiff } from '../scripts/openapi/oasdiff.ts'
import type { OpenApiDocument } from '../scripts/openapi/openapi-document.ts'

/** A small released document; each case says how it changes. */
const released = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1.0.0' },
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
          '200': {
            description: 'The order',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
          '404': {
            description: 'There is no such order',
            'x-error-codes': ['order_not_found'],
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
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
const cases: [change: string, edit: Edit, reported: string | null][] = [
  ['nothing', () => {}, null],
  ['a path is gone', (d) => Object.assign(d, { paths: {} }), 'BREAKING api-path-removed-without-deprecation'],
  ['a path parameter has another name', (d) => Object.assign(d, { paths: renamed(d.paths) }), null],
  ['an operation is added', (d) => Object.assign(d.paths, { '/v1/new': d.paths['/v1/orders/{id}'] }), null],
  ['the operationId changes', (_, p) => (p.operation.operationId = 'x'), 'BREAKING api-operation-id-removed'],
  ['fewer may call it', (_, p) => (p.operation['x-access'] = 'staff'), 'BREAKING access was authenticated, is now staff'],
  ['more may call it', (_, p) => (p.operation['x-access'] = 'public'), null],

  ['a query parameter is gone', (_, p) => p.operation.parameters.splice(1, 1), 'BREAKING request-parameter-removed'],
  ['a header is no longer read', (_, p) => p.operation.parameters.pop(), 'BREAKING request-parameter-removed'],
  ['a header becomes required', (_, p) => (p.operation.parameters[2].required = true), 'BREAKING request-parameter-became-required'],
  ['a required query parameter is added', (_, p) => p.operation.parameters.push({ name: 'at', in: 'query', required: true }), 'BREAKING new-required-request-parameter'],
  ['an optional query parameter is added', (_, p) => p.operation.parameters.push({ name: 'at', in: 'query' }), null],
  ['a parameter has a lower maximum', (_, p) => (p.operation.parameters[1].schema.maximum = 50), 'BREAKING request-parameter-max-decreased'],
  ['a parameter has a higher maximum', (_, p) => (p.operation.parameters[1].schema.maximum = 500), null],
  ['a parameter changes its type', (_, p) => (p.operation.parameters[1].schema = { type: 'boolean' }), 'BREAKING request-parameter-type-changed'],
  ['a parameter accepts any number', (_, p) => (p.operation.parameters[1].schema = { type: 'number' }), null],

  ['a body becomes required', (_, p) => (p.operation.requestBody.required = true), 'BREAKING request-body-became-required'],
  ['another content type is wanted', (_, p) => (p.operation.requestBody.content = {}), 'BREAKING request-body-media-type-removed'],
  ['a required property is added to a body', (_, p) => Object.assign(p.change, requiring(p.change, 'pin')), 'BREAKING new-required-request-property'],
  ['an optional property is added to a body', (_, p) => (p.change.properties.pin = { type: 'string' }), null],
  ['a property of a body is gone', (_, p) => delete p.change.properties.note, 'BREAKING request-property-removed'],
  ['a value of a body is gone', (_, p) => p.change.properties.method.anyOf.pop(), 'BREAKING request-property-any-of-removed'],
  ['a value is added to a body', (_, p) => p.change.properties.method.anyOf.push({ const: 'cash' }), null],
  ['a text of a body must be shorter', (_, p) => (p.change.properties.note.maxLength = 20), 'BREAKING request-property-max-length-decreased'],
  ['a text of a body has a pattern', (_, p) => (p.change.properties.note.pattern = '^x'), 'BREAKING request-property-pattern-added'],

  ['a response is gone', (_, p) => delete p.operation.responses[404], 'BREAKING response-non-success-status-removed'],
  ['a response changes its type', (_, p) => (p.operation.responses[200].content = {}), 'BREAKING response-media-type-removed'],
  ['a property of a response is gone', (_, p) => delete p.order.properties.total, 'BREAKING response-optional-property-removed'],
  ['a property of a response becomes optional', (_, p) => p.order.required.shift(), 'BREAKING response-property-became-optional'],
  ['a property of a response becomes required', (_, p) => p.order.required.push('total'), null],
  ['a property is added to a response', (_, p) => (p.order.properties.eta = { type: 'string' }), null],
  ['a property of a response may be null', (_, p) => (p.order.properties.total.type = ['integer', 'null']), 'BREAKING response-property-became-nullable'],
  ['a nested property changes its type', (_, p) => (p.order.properties.items.items.properties.name.type = 'integer'), 'BREAKING response-property-type-changed'],
  ['a response has a new value', (_, p) => p.order.properties.status.enum.push('late'), 'warning response-property-enum-value-added'],
  ['a response has one value less', (_, p) => p.order.properties.status.enum.pop(), null],
  ['an error has a new code', (_, p) => p.operation.responses[404]['x-error-codes'].push('gone'), 'warning error 404 gone is new'],
  ['an error has one code less', (_, p) => p.operation.responses[404]['x-error-codes'].pop(), 'BREAKING error 404 order_not_found is gone'],
  ['a response has another format', (_, p) => delete p.order.properties.id.format, 'BREAKING response-property-type-changed'],
]

const renamed = (paths: Document['paths']) => {
  const { post } = paths['/v1/orders/{id}']
  const parameters = post.parameters.map((each) => (each.in === 'path' ? { ...each, name: 'orderId' } : each))
  return { '/v1/orders/{orderId}': { post: { ...post, parameters } } }
}
const requiring = (schema: any, name: string) => ({
  required: [...(schema.required ?? []), name],
  properties: { ...schema.properties, [name]: { type: 'string' } },
})

/** Each change once: the check of oasdiff that found it, or the sentence when it was found here. */
async function reported(before: object, after: object): Promise<string | null> {
  const changes = await compareDocuments(before, after)
  const found = changes.map(({ what, breaking }) => {
    const check = /\(([a-z-]+)\)$/.exec(what)?.[1]
    return `${breaking ? 'BREAKING' : 'warning'} ${check ?? what}`
  })
  return [...new Set(found)].toSorted().join('; ') || null
}

t.before(installOasdiff)

t.test('a change of an API is reported when its clients would notice', async (t) => {
  for (const [change, edit, expected] of cases) {
    const current = structuredClone(released)
    edit(current, {
      operation: current.paths['/v1/orders/{id}'].post,
      change: current.components.schemas.Change,
      order: current.components.schemas.Order,
    })
    t.equal(await reported(released, current), expected, change)
  }
})

/** What a case changes in the committed document. */
type RealEdit = (parts: { place: any; list: any; document: any }) => void

const inBody =
  (edit: (schema: any) => void): RealEdit =>
  ({ place, document }) => {
    for (const schema of objectsOf(place.requestBody.content['application/json'].schema, document))
      edit(schema)
  }
const inItems =
  (edit: (schema: any) => void): RealEdit =>
  (parts) =>
    inBody(({ properties }) => objectsOf(properties.items.items, parts.document).forEach(edit))(parts)
const inOrder =
  (edit: (schema: any) => void): RealEdit =>
  ({ place, document }) => {
    for (const schema of objectsOf(place.responses[201].content['application/json'].schema, document))
      edit(schema)
  }
/** A property that only the case knows, in what is sent and in what is answered; a parameter and a header likewise. */
const ask = (schema: object) => inBody((body) => (body.properties.probe = schema))
const answer = (schema: object) => inOrder((order) => (order.properties.probe = schema))
const query =
  (schema: object, others: object = {}): RealEdit =>
  ({ list }) => {
    list.parameters = list.parameters.filter((each: any) => each.name !== 'probe')
    list.parameters.push({ name: 'probe', in: 'query', schema, ...others })
  }
const header =
  (schema: object): RealEdit =>
  ({ place }) =>
    (place.responses[201].headers['x-probe'] = { schema })
const success202: RealEdit = ({ place }) => {
  place.responses[202] = place.responses[201]
  delete place.responses[201]
}
const nothing: RealEdit = () => {}
const both =
  (...edits: RealEdit[]): RealEdit =>
  (parts) =>
    edits.forEach((edit) => edit(parts))
const component =
  (name: string, schema: object): RealEdit =>
  ({ document }) =>
    (document.components.schemas[name] = schema)
const without = (schema: any, name: string) => {
  delete schema.properties[name]
  schema.required = schema.required.filter((each: string) => each !== name)
}

const text = { type: 'string' }
const card = { type: 'object', required: ['kind'], properties: { kind: { const: 'card' }, token: text } }
const cash = { type: 'object', required: ['kind'], properties: { kind: { const: 'cash' } } }
const payments = { $ref: '#/components/schemas/Card' }
const list = { type: 'array', items: { type: 'string', enum: ['id', 'name'] } }
const chosen = (propertyName: string) => ({ oneOf: [card, cash], discriminator: { propertyName } })

const unknown = (place: string, keyword: string, was: string, is: string) =>
  `BREAKING ${place}: \`${keyword}\` was ${was}, is now ${is}, and whether that is harmless nobody can say here`

// biome-ignore format: a table is read in lines
const realCases: [change: string, given: RealEdit, edit: RealEdit, reported: string | null][] = [
  ['nothing', nothing, nothing, null],
  ['a body has a property less', nothing, inBody((s) => delete s.properties.expectedTotalCents), 'BREAKING request-property-removed'],
  ['a property of a body changes its type', nothing, inBody((s) => (s.properties.expectedTotalCents = text)), 'BREAKING request-property-type-changed'],
  ['a body has a new required property', nothing, inBody((s) => Object.assign(s, requiring(s, 'pin'))), 'BREAKING new-required-request-property'],
  ['a body has a new optional property', nothing, ask(text), null],
  ['a property of a body becomes required', nothing, inBody((s) => s.required.push('expectedTotalCents')), 'BREAKING request-property-became-required'],
  ['a property of a body becomes optional', nothing, inBody((s) => (s.required = ['items'])), null],
  ['a property of an item in a body is gone', nothing, inItems((s) => delete s.properties.note), 'BREAKING request-property-removed'],
  ['items in a body are of another type', nothing, inItems((s) => (s.properties.modifierIds.items = { type: 'integer' })), 'BREAKING request-property-type-changed'],
  ['a body refuses other properties', inBody((s) => delete s.additionalProperties), inBody((s) => (s.additionalProperties = false)), 'BREAKING body: other properties were anything, are now refused'],
  ['a body accepts other properties', inBody((s) => (s.additionalProperties = false)), inBody((s) => (s.additionalProperties = true)), null],
  ['a map in a body has other values', ask({ type: 'object', additionalProperties: text }), ask({ type: 'object', additionalProperties: { type: 'integer' } }), 'BREAKING request-property-type-changed'],
  ['a body must have more properties', nothing, inBody((s) => (s.minProperties = 4)), 'BREAKING request-body-min-properties-set'],

  ['a sent text must be shorter', ask({ ...text, maxLength: 9 }), ask({ ...text, maxLength: 8 }), 'BREAKING request-property-max-length-decreased'],
  ['a sent text may be longer', ask({ ...text, maxLength: 9 }), ask({ ...text, maxLength: 10 }), null],
  ['a sent number must be larger', ask({ type: 'integer', minimum: 0 }), ask({ type: 'integer', minimum: 1 }), 'BREAKING request-property-min-increased'],
  ['a sent number may be smaller', ask({ type: 'integer', minimum: 1 }), ask({ type: 'integer', minimum: 0 }), null],
  ['a sent number may have a fraction', ask({ type: 'integer' }), ask({ type: 'number' }), null],
  ['a sent number must be a multiple', ask({ type: 'integer' }), ask({ type: 'integer', multipleOf: 5 }), 'BREAKING request-property-multiple-of-set'],
  ['a sent text has another pattern', ask({ ...text, pattern: '^a' }), ask({ ...text, pattern: '^b' }), 'BREAKING request-property-pattern-changed'],
  ['a sent text has a pattern less', ask({ ...text, pattern: '^a' }), ask(text), null],
  ['a sent text has a format', ask(text), ask({ ...text, format: 'email' }), 'BREAKING request-property-type-changed'],
  ['a sent text has a format less', ask({ ...text, format: 'email' }), ask(text), null],
  ['a sent list must have no value twice', ask(list), ask({ ...list, uniqueItems: true }), 'BREAKING request-property-unique-items-set'],
  ['a sent value of two is gone', ask({ enum: ['a', 'b'] }), ask({ enum: ['a'] }), 'BREAKING request-property-enum-value-removed'],
  ['a sent value is added', ask({ enum: ['a'] }), ask({ enum: ['a', 'b'] }), null],
  ['a sent constant is another', ask({ const: 1 }), ask({ const: 2 }), 'BREAKING request-property-const-changed'],
  ['a sent property has another default', ask({ ...text, default: 'a' }), ask({ ...text, default: 'b' }), 'BREAKING request-property-default-value-changed'],
  ['a sent property may be null', ask(text), ask({ type: ['string', 'null'] }), null],
  ['a sent property may not be null', ask({ type: ['string', 'null'] }), ask(text), 'BREAKING request-property-became-not-nullable'],
  ['a sent alternative to null is gone', ask({ anyOf: [text, { type: 'null' }] }), ask(text), 'BREAKING request-property-list-of-types-narrowed'],
  ['a sent property has a type less', ask({ type: ['string', 'integer'] }), ask({ type: ['string'] }), 'BREAKING request-property-type-changed'],
  ['a sent property must not be something', ask(text), ask({ ...text, not: { const: 'a' } }), unknown('body.probe', 'not', 'not there', 'a schema')],
  ['what a sent property must not be changes', ask({ ...text, not: { const: 'a' } }), ask({ ...text, not: { const: 'b' } }), `${unknown('body.probe (not)', 'const', '"a"', '"b"')}; BREAKING request-property-const-changed`],
  ['a condition of a body changes', ask({ if: card, then: { required: ['token'] } }), ask({ if: card, then: { required: ['token', 'pin'] } }), unknown('body.probe (then)', 'required', '["token"]', '["token","pin"]')],
  ['a condition of a body is gone', ask({ if: card, then: { required: ['token'] } }), ask({}), null],
  ['a keyword comes that nobody knows', ask(text), ask({ ...text, mustRhyme: true }), unknown('body.probe', 'mustRhyme', 'not there', 'true')],

  ['a branch of a body is gone', ask({ oneOf: [card, cash] }), ask({ oneOf: [card] }), 'BREAKING request-property-one-of-removed'],
  ['a branch of a body is added', ask({ oneOf: [card] }), ask({ oneOf: [card, cash] }), null],
  ['a branch of a body has a new required property', ask({ oneOf: [card, cash] }), ask({ oneOf: [{ ...card, required: ['kind', 'token'] }, cash] }), 'BREAKING request-property-became-required'],
  ['a branch of a body only demands more', ask({ ...card, oneOf: [{ required: ['token'] }, { required: ['id'] }] }), ask({ ...card, oneOf: [{ required: ['token', 'pin'] }, { required: ['id'] }] }), unknown('body.probe (alternative 1)', 'required', 'token', 'pin, token')],
  ['a whole body is one of two, and one demands more', both(component('Card', card), ({ place }) => (place.requestBody.content['application/json'].schema = { oneOf: [payments, cash] })), component('Card', requiring(card, 'pin')), 'BREAKING new-required-request-property'],
  ['a whole body is one of two, and one has a property less', both(component('Card', card), ({ place }) => (place.requestBody.content['application/json'].schema = { oneOf: [payments, cash] })), component('Card', { ...card, properties: { kind: { const: 'card' } } }), 'BREAKING request-property-removed'],
  ['a component of a body changes', both(component('Card', card), ask(payments)), component('Card', { ...card, required: ['kind', 'token'] }), 'BREAKING request-property-became-required'],
  ['beside a reference comes a limit', both(component('Name', text), ask({ $ref: '#/components/schemas/Name' })), ask({ $ref: '#/components/schemas/Name', maxLength: 5 }), 'BREAKING request-property-max-length-set'],
  ['beside a reference comes a description', both(component('Name', text), ask({ $ref: '#/components/schemas/Name' })), ask({ $ref: '#/components/schemas/Name', description: 'a name' }), null],
  ['a schema moves to the components', ask(text), both(component('Name', text), ask({ $ref: '#/components/schemas/Name' })), null],

  ['an order has a property less', nothing, inOrder((s) => without(s, 'totalCents')), 'BREAKING response-required-property-removed'],
  ['a property of an order becomes optional', nothing, inOrder((s) => (s.required = s.required.filter((each: string) => each !== 'totalCents'))), 'BREAKING response-property-became-optional'],
  ['a property of an order changes its type', nothing, inOrder((s) => (s.properties.totalCents = text)), 'BREAKING response-property-min-unset; BREAKING response-property-type-changed'],
  ['items of an order are of another type', answer(list), answer({ type: 'array', items: { type: 'integer' } }), 'BREAKING response-property-became-not-enum; BREAKING response-property-type-changed'],
  ['an order has a new property', nothing, answer(text), null],
  ['an answered property may be null', answer(text), answer({ anyOf: [text, { type: 'null' }] }), 'BREAKING response-property-list-of-types-widened'],
  ['an answered component may be null', both(component('Card', card), answer(payments)), answer({ anyOf: [payments, { type: 'null' }] }), 'BREAKING response-optional-property-removed; BREAKING response-property-any-of-added; BREAKING response-property-type-changed; BREAKING response-required-property-removed'],
  ['an answered property may not be null', answer({ type: ['string', 'null'] }), answer(text), null],
  ['an answered number may be larger', answer({ type: 'integer', maximum: 9 }), answer({ type: 'integer', maximum: 10 }), 'BREAKING response-property-max-increased'],
  ['an answered number is smaller', answer({ type: 'integer', maximum: 9 }), answer({ type: 'integer', maximum: 8 }), null],
  ['an answered number may have a fraction', answer({ type: 'integer' }), answer({ type: 'number' }), 'BREAKING response-property-type-generalized'],
  ['an answered text has a format', answer(text), answer({ ...text, format: 'uuid' }), null],
  ['an answered text loses its pattern', answer({ ...text, pattern: '^a' }), answer(text), 'BREAKING response-property-pattern-removed'],
  ['an answered branch is added', answer({ oneOf: [card] }), answer({ oneOf: [card, cash] }), 'BREAKING response-property-one-of-added'],
  ['an answered branch is gone', answer({ oneOf: [card, cash] }), answer({ oneOf: [card] }), null],
  ['an answered branch has a property less', answer({ oneOf: [card, cash] }), answer({ oneOf: [{ ...card, properties: { kind: { const: 'card' } } }, cash] }), 'BREAKING response-optional-property-removed'],
  ['branches are chosen by a property', answer({ oneOf: [card, cash] }), answer(chosen('kind')), null],
  ['branches are chosen by another property', answer(chosen('kind')), answer(chosen('type')), 'BREAKING response-property-discriminator-property-name-changed'],
  ['an answered map has values of any kind', answer({ type: 'object', additionalProperties: text }), answer({ type: 'object' }), 'BREAKING response 201.probe: other properties were of one schema, are now anything'],
  ['an answer refuses other properties', answer(card), answer({ ...card, additionalProperties: false }), null],
  ['an order contains itself and has a property less', answer({ $ref: '#/components/schemas/Order' }), inOrder((s) => without(s, 'currency')), 'BREAKING response-required-property-removed'],

  ['a query parameter becomes required', query(text), query(text, { required: true }), 'BREAKING request-parameter-became-required'],
  ['a query parameter has another default', query({ ...text, default: 'a' }), query({ ...text, default: 'b' }), 'BREAKING request-parameter-default-value-changed'],
  ['a query parameter is one of some values', query(text), query({ ...text, enum: ['a'] }), 'BREAKING request-parameter-became-enum'],
  ['a list of a query has a value less', query(list), query({ ...list, items: { ...text, enum: ['id'] } }), 'BREAKING request-parameter-property-enum-value-removed'],
  ['a list of a query has a value more', query(list), query({ ...list, items: { ...text, enum: ['id', 'name', 'tags'] } }), null],
  ['items of a query have a pattern', query(list), query({ ...list, items: { ...list.items, pattern: '^a' } }), unknown('schema of query parameter probe[]', 'pattern', 'not there', '"^a"')],
  ['a list of a query is written in another way', query(list, { explode: false }), query(list, { explode: true }), unknown('query parameter probe', 'explode', 'false', 'true')],
  ['an alternative of a query is narrower', query({ anyOf: [text, { type: 'integer' }] }), query({ anyOf: [{ ...text, maxLength: 3 }, { type: 'integer' }] }), unknown('schema of query parameter probe (alternative 1)', 'maxLength', 'not there', '3')],
  ['a header of a response is gone', nothing, ({ place }) => delete place.responses[201].headers.etag, 'BREAKING optional-response-header-removed'],
  ['a header of a response has another type', header({ type: 'integer' }), header(text), 'BREAKING response-header-type-changed'],
  ['a header of a response has new values', header({ ...text, enum: ['a'] }), header({ ...text, enum: ['a', 'b'] }), unknown('response 201 header x-probe', 'enum', '["a"]', '["a","b"]')],

  ['a status is added', nothing, ({ place }) => (place.responses[418] = { description: 'A teapot' }), null],
  ['success has another status', nothing, success202, 'BREAKING response-success-status-removed'],
  ['an operation is gone', nothing, ({ document }) => delete document.paths['/v1/orders'].post, 'BREAKING api-removed-without-deprecation'],
  ['an operation is deprecated until a day', nothing, ({ place }) => Object.assign(place, { deprecated: true, 'x-sunset': '2099-01-01' }), null],
  ['an operation is gone before its day', ({ place }) => Object.assign(place, { deprecated: true, 'x-sunset': '2099-01-01' }), ({ document }) => delete document.paths['/v1/orders'].post, 'BREAKING api-removed-before-sunset'],
  ['an operation is gone after its day', ({ place }) => Object.assign(place, { deprecated: true, 'x-sunset': '2020-01-01' }), ({ document }) => delete document.paths['/v1/orders'].post, null],
  ['a path has another name', nothing, ({ document }) => (document.paths = { '/v1/purchases': document.paths['/v1/orders'] }), 'BREAKING api-path-removed-without-deprecation'],
  ['an operation asks for a token', ({ place }) => (place.security = []), ({ place }) => (place.security = [{ bearer: [] }]), 'BREAKING api-security-anonymous-access-removed'],
  ['an operation asks for no token', nothing, ({ place }) => (place.security = []), null],
  ['tokens are presented in another way', nothing, ({ document }) => (document.components.securitySchemes.bearer.scheme = 'basic'), 'BREAKING api-security-component-http-scheme-changed'],
]

/** The schemas with properties that a schema is, refers to or chooses among. */
function objectsOf(schema: any, document: any): any[] {
  if (schema.$ref) return objectsOf(document.components.schemas[schema.$ref.split('/').at(-1)], document)
  if (schema.properties) return [schema]
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return parts.flatMap((part) => objectsOf(part, document))
}

/** A document of one path, with the components that it uses. */
function onlyPath(path: string, { paths, components, ...others }: any) {
  const kept: any = { schemas: {}, responses: {}, securitySchemes: components.securitySchemes }
  const waiting: object[] = [paths[path]]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    for (const [, room = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      if (kept[room][name]) continue
      kept[room][name] = components[room][name]
      waiting.push(kept[room][name])
    }
  }
  return { ...others, paths: { [path]: paths[path] }, components: kept }
}

t.test('changes of the committed document are judged as its clients would', async (t) => {
  const file = join(import.meta.dirname, '../services/orders/openapi.json')
  const few = onlyPath('/v1/orders', JSON.parse(await readFile(file, 'utf8')))
  const partsOf = (document: any) => ({
    document,
    place: document.paths['/v1/orders'].post,
    list: document.paths['/v1/orders'].get,
  })
  for (const [change, given, edit, expected] of realCases) {
    const before = structuredClone(few)
    given(partsOf(before))
    const after = structuredClone(before)
    edit(partsOf(after))
    t.equal(await reported(before, after), expected, change)
  }
})

t.test('a change of a component is reported for every operation that uses it', async (t) => {
  const file = join(import.meta.dirname, '../services/orders/openapi.json')
  const before = JSON.parse(await readFile(file, 'utf8'))
  const after = structuredClone(before)
  without(after.components.schemas.Order, 'totalCents')
  const changes = await compareDocuments(before, after)
  const operations = new Set(changes.map(({ operation }) => operation))
  t.ok(operations.has('POST /v1/orders'))
  t.ok(operations.has('GET /v1/orders/{orderId}'))
  t.ok(operations.size > 5)
})

t.test('a change names the operation it is in', async (t) => {
  const [change] = await compareDocuments(released, { ...released, paths: {} })
  t.equal(change?.operation, 'POST /v1/orders/{id}')
})

t.test('a response that operations have in common is compared in each of them', async (t) => {
  const inCommon = (content: Record<string, { schema: object }>) => ({
    ...released,
    paths: {
      '/v1/orders/{id}': { post: { responses: { '409': { $ref: '#/components/responses/Conflict' } } } },
    },
    components: { ...released.components, responses: { Conflict: { content } } },
  })
  const problem = { 'application/problem+json': { schema: { type: 'object' } } }
  const [change] = await compareDocuments(
    inCommon(problem) as OpenApiDocument,
    inCommon({}) as OpenApiDocument,
  )
  t.match(change, { operation: 'POST /v1/orders/{id}', what: /application\/problem\+json/, breaking: true })
  const { components } = inCommon(problem)
  t.throws(
    () => withResponses({ ...inCommon(problem), components: { ...components, responses: {} } }),
    /Conflict is not/,
  )
})
