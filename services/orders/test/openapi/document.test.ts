import t from 'tap'
import { openapi } from '#src/openapi.ts'

interface Media {
  schema?: { $ref?: string; type?: string }
}
interface ResponseObject {
  $ref?: string
  content?: Record<string, Media>
  'x-error-codes'?: string[]
}
interface Operation {
  operationId: string
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, ResponseObject>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; responses: Record<string, ResponseObject> }
}

const document = (await openapi()) as Document
const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
const problemMediaType = 'application/problem+json'

const answerOf = (answer: ResponseObject): ResponseObject =>
  answer.$ref === undefined
    ? answer
    : (document.components.responses[answer.$ref.replace('#/components/responses/', '')] ?? {})

const isNamed = ({ schema }: Media) => schema?.$ref?.startsWith('#/components/schemas/') === true

t.test(
  'bodies of requests and answers are named, so that generated clients have one class for each',
  async (t) => {
    for (const { operationId, requestBody, responses } of operations) {
      const bodies = Object.entries(requestBody?.content ?? {})
      for (const [type, media] of bodies) t.ok(isNamed(media), `${operationId} takes a named ${type}`)
      for (const [status, answer] of Object.entries(responses)) {
        const named = Object.entries(answerOf(answer).content ?? {}).filter(([type]) => type.includes('json'))
        for (const [type, media] of named)
          t.ok(isNamed(media), `${operationId} answers ${status} with a named ${type}`)
      }
    }
  },
)

t.test('every error is the one Problem, and names its codes', async (t) => {
  for (const { operationId, responses } of operations) {
    const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400)
    t.ok(errors.length > 0, operationId)
    for (const [status, answer] of errors) {
      const { content, 'x-error-codes': codes = [] } = answerOf(answer)
      if (content?.[problemMediaType] === undefined) continue
      t.same(content, { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } })
      t.ok(codes.length > 0, `${operationId} ${status}`)
    }
  }
})

t.test('no type is hidden behind alternatives beside its properties', async (t) => {
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    const combined = ['oneOf', 'anyOf'].filter((keyword) => keyword in schema)
    t.notOk('properties' in schema && combined.length > 0, name)
  }
})

t.test('patterns mean the same in every language: no classes of characters', async (t) => {
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, text]) => text,
  )
  t.ok(patterns.length > 10)
  t.same(
    patterns.filter((pattern) => /\\\\[dDsSwWpP]/.test(pattern ?? '')),
    [],
  )
})
