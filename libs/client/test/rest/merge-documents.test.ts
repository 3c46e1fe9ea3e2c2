import t from 'tap'
import { mergeDocuments } from '../../merge-documents.ts'

const health = { name: 'health' }
const orders = {
  info: { title: 'orders' },
  tags: [{ name: 'orders' }, health],
  paths: { '/v1/orders': { post: {} }, '/health': { get: { tags: ['one'] } } },
  components: { schemas: { Problem: { type: 'object' }, Order: { type: 'object' } } },
}
const analytics = {
  info: { title: 'analytics' },
  tags: [{ name: 'analytics' }, health],
  paths: { '/v1/analytics/dashboard': { get: {} }, '/health': { get: { tags: ['other'] } } },
  components: { schemas: { Problem: { type: 'object' }, Dashboard: { type: 'object' } } },
}

t.test('the documents of two services become one, whose health checks are those of the first', async (t) => {
  t.same(mergeDocuments([orders, analytics]), {
    info: { title: 'orders' },
    tags: [{ name: 'orders' }, { name: 'analytics' }, health],
    paths: { ...orders.paths, '/v1/analytics/dashboard': { get: {} } },
    components: {
      schemas: { Problem: { type: 'object' }, Order: { type: 'object' }, Dashboard: { type: 'object' } },
    },
  })
})

t.test('two things of one name are refused', async (t) => {
  const other = { ...analytics, components: { schemas: { Order: { type: 'string' } } } }
  t.throws(() => mergeDocuments([orders, other]), { message: /different schemas of the name Order/ })
  const again = { ...analytics, paths: { '/v1/orders': { post: { summary: 'another' } } } }
  t.throws(() => mergeDocuments([orders, again]), { message: /different paths of the name \/v1\/orders/ })
})
