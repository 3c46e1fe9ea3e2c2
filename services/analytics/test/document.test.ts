import t from 'tap'
import { openapi } from '#src/openapi.ts'

interface Operation {
  operationId: string
  'x-rate-limit'?: string
  responses: Record<string, { content?: Record<string, { schema?: { $ref?: string } }> }>
}

const { paths } = (await openapi()) as { paths: Record<string, { get: Operation }> }

t.test('every answer is named, and every question counts as one of analytics', async (t) => {
  const ours = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'))
  t.equal(ours.length, 12)
  for (const [path, { get }] of ours) {
    t.match(
      get.responses['200']?.content?.['application/json']?.schema?.$ref,
      /^#\/components\/schemas\//,
      path,
    )
    t.equal(get['x-rate-limit'], 'analytics', path)
  }
})
