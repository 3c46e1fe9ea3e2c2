import t from 'tap'
import { openapi } from '#src/openapi.ts'
import * as callable from './operations.ts'

interface Operation {
  operationId: string
  'x-rate-limit'?: string
  responses: Record<string, { content?: Record<string, { schema?: { $ref?: string } }> }>
}

const { paths } = (await openapi()) as { paths: Record<string, { get: Operation }> }
const operationIds = (entries: [string, { get: Operation }][]) =>
  entries.map(([, { get }]) => get.operationId).toSorted()

t.test('every answer is named, and every question counts as one of analytics', async (t) => {
  const ours = Object.entries(paths).filter(([path]) => path.startsWith('/v1/analytics/'))
  t.same(operationIds(ours), Object.keys(callable.paths('')).toSorted(), 'tests call every one')
  for (const [path, { get }] of ours) {
    t.match(
      get.responses['200']?.content?.['application/json']?.schema?.$ref,
      /^#\/components\/schemas\//,
      path,
    )
    t.equal(get['x-rate-limit'], 'analytics', path)
  }
})

t.test('every report is a file too, and counts as one of reports', async (t) => {
  const reports = Object.entries(paths).filter(([path]) => path.startsWith('/v1/reports/'))
  t.same(operationIds(reports), Object.keys(callable.reportPaths('')).toSorted(), 'tests call every one')
  for (const [path, { get }] of reports) {
    const content = get.responses['200']?.content ?? {}
    const types = path === '/v1/reports/orders' ? ['text/csv'] : ['application/json', 'text/csv']
    t.same(Object.keys(content), types, path)
    const { $ref } = content['application/json']?.schema ?? {}
    if (types.length === 2) t.match($ref, /^#\/components\/schemas\/\w+Report$/, path)
    t.equal(get['x-rate-limit'], 'reports', path)
  }
})
