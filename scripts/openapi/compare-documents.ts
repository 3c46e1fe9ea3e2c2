import {
  type Comparison,
  type Components,
  type Mismatch,
  mismatches,
  type Schema,
} from './compare-schemas.ts'

/** As much of an OpenAPI 3.1 document as is compared. */
export interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Components; responses?: Record<string, Response> }
}

type Content = Record<string, { schema?: Schema }>

export interface Operation {
  operationId?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { required?: boolean; content?: Content }
  responses?: Record<string, Response>
  /** Of libs/service: the least role that may call it. */
  'x-access'?: string
}

export interface Response {
  /** Of one that operations have in common. */
  $ref?: string
  content?: Content
  /** What libs/service adds: the codes of the problems that come with this status. */
  'x-error-codes'?: string[]
}

export interface Change {
  /** `POST /v1/orders` */
  operation: string
  what: string
  /** A client of the released document may fail. Otherwise it should cope, but somebody should know. */
  breaking: boolean
}

/** What a client that was written against the released document has to know about the new one. Additions are not told. */
export function compareDocuments(released: OpenApiDocument, current: OpenApiDocument): Change[] {
  const now = operationsOf(current)
  const components = {
    released: released.components?.schemas ?? {},
    current: current.components?.schemas ?? {},
  }
  return [...operationsOf(released)].flatMap(([key, { name, operation }]) => {
    const match = now.get(key)
    const changes = match
      ? compareOperations(operation, match.operation, components)
      : [{ what: 'is gone', breaking: true }]
    return changes.map((change) => ({ operation: name, ...change }))
  })
}

type Finding = Omit<Change, 'operation'>
interface BothComponents {
  released: Components
  current: Components
}

/** By method and path, in which the names of parameters do not matter. */
function operationsOf({ paths = {} }: OpenApiDocument) {
  const methods = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
  return new Map(methods.map((entry) => [entry.name.replaceAll(/\{[^}]*\}/g, '{}'), entry]))
}

function compareOperations(released: Operation, current: Operation, components: BothComponents): Finding[] {
  const renamed = released.operationId !== current.operationId
  return [
    ...(renamed ? [breaking(`operationId was ${released.operationId}, is now ${current.operationId}`)] : []),
    ...compareAccess(released, current),
    ...compareParameters(released, current, components),
    ...compareBodies(released, current, components),
    ...compareResponses(released, current, components),
  ]
}

const breaking = (what: string): Finding => ({ what, breaking: true })

const roles = ['public', 'authenticated', 'staff', 'manager', 'admin']

function compareAccess(released: Operation, current: Operation): Finding[] {
  const [was = 'public', now = 'public'] = [released['x-access'], current['x-access']]
  return roles.indexOf(now) > roles.indexOf(was) ? [breaking(`access was ${was}, is now ${now}`)] : []
}

function compareParameters(released: Operation, current: Operation, components: BothComponents): Finding[] {
  // A path parameter is known by its place, which is part of the key; nobody is harmed by a header that is not read.
  const keyed = ({ parameters = [] }: Operation) =>
    new Map(parameters.map((parameter) => [`${parameter.in} parameter ${parameter.name}`, parameter]))
  const before = keyed(released)
  const after = keyed(current)
  const gone = [...before].filter(([name, parameter]) => parameter.in === 'query' && !after.has(name))
  const required = [...after].filter(
    ([name, parameter]) => parameter.in !== 'path' && parameter.required && !before.get(name)?.required,
  )
  return [
    ...gone.map(([name]) => breaking(`${name} is gone`)),
    ...required.map(([name]) => breaking(`${name} is now required`)),
    ...[...before].flatMap(([name, { schema }]) => {
      const now = after.get(name)?.schema
      return schema && now ? request(name, schema, now, components) : []
    }),
  ]
}

function compareBodies(released: Operation, current: Operation, components: BothComponents): Finding[] {
  const before = released.requestBody
  const after = current.requestBody
  const nowRequired = after?.required === true && before?.required !== true
  return [
    ...(nowRequired ? [breaking('a body is now required')] : []),
    ...Object.entries(before?.content ?? {}).flatMap(([type, { schema }]) => {
      const now = after?.content?.[type]
      if (now === undefined) return [breaking(`a body of ${type} is no longer accepted`)]
      return schema && now.schema ? request('body', schema, now.schema, components) : []
    }),
  ]
}

function compareResponses(released: Operation, current: Operation, components: BothComponents): Finding[] {
  return Object.entries(released.responses ?? {}).flatMap(([status, { content = {} }]) => {
    const now = current.responses?.[status]
    if (now === undefined) return [breaking(`response ${status} is gone`)]
    return Object.entries(content).flatMap(([type, { schema }]) => {
      const answer = now.content?.[type]
      if (answer === undefined) return [breaking(`response ${status} is no longer ${type}`)]
      return schema && answer.schema ? response(`response ${status}`, schema, answer.schema, components) : []
    })
  })
}

/** Whatever clients send today must be accepted tomorrow. */
function request(place: string, released: Schema, current: Schema, components: BothComponents): Finding[] {
  const comparison: Comparison = {
    direction: 'request',
    fromComponents: components.released,
    intoComponents: components.current,
  }
  return mismatches(released, current, comparison).map((mismatch) => breaking(sentence(place, mismatch)))
}

/** Whatever they get tomorrow must be what they know today. */
function response(place: string, released: Schema, current: Schema, components: BothComponents): Finding[] {
  const comparison: Comparison = {
    direction: 'response',
    fromComponents: components.current,
    intoComponents: components.released,
  }
  return mismatches(current, released, comparison).map((mismatch) => ({
    what: sentence(place, mismatch),
    breaking: !mismatch.mild,
  }))
}

const sentence = (place: string, { path, what }: Mismatch) =>
  [`${place}${path && ':'}`, path, what].filter(Boolean).join(' ')
