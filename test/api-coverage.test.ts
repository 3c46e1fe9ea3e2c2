import t from 'tap'
import type { ApiCall } from '../libs/service/src/testing/record-api-calls.ts'
import { coverageGaps } from '../scripts/openapi/api-coverage.ts'

const problem = (...codes: string[]) => ({ 'x-error-codes': codes })

const documents = new Map([
  [
    'orders',
    {
      paths: {
        '/orders': {
          get: { operationId: 'listOrders', responses: { '200': {}, '400': problem('validation_failed') } },
          post: {
            operationId: 'placeOrder',
            responses: { '201': {}, '409': problem('slot_full', 'slot_closed') },
          },
        },
      },
    },
  ],
])

const call = (operationId: string | null, status: number, code: string | null = null): ApiCall => ({
  service: 'orders',
  operationId,
  status,
  code,
})

const everything = [
  call('listOrders', 200),
  call('listOrders', 400, 'validation_failed'),
  call('placeOrder', 201),
  call('placeOrder', 409, 'slot_full'),
  call('placeOrder', 409, 'slot_closed'),
]

const without = (code: string | null, operationId: string) =>
  everything.filter((entry) => entry.code !== code || entry.operationId !== operationId)

const cases: [name: string, calls: ApiCall[], gaps: string[]][] = [
  ['all is covered', everything, []],
  ['an operation never succeeds', without(null, 'listOrders'), ['no test calls listOrders with success']],
  ['a code is never produced', without('slot_full', 'placeOrder'), ['no test produces the error slot_full']],
  [
    'a code may be produced by another service',
    [...without('slot_full', 'placeOrder'), { ...call(null, 409, 'slot_full'), service: null }],
    [],
  ],
  [
    'a status is not documented',
    [...everything, call('listOrders', 404, 'order_not_found')],
    ['listOrders answers 404 order_not_found, which is not documented'],
  ],
  [
    'a code is not documented',
    [...everything, call('placeOrder', 409, 'slot_unknown')],
    ['placeOrder answers 409 slot_unknown, a code that is not documented'],
  ],
  [
    'another service has an operation of this name',
    [...everything, { ...call('listOrders', 500), service: 'x' }],
    [],
  ],
  ['what is no operation is nobody’s', [...everything, call(null, 404, 'route_not_found')], []],
]

t.test('tests and the documents of the API agree about what is answered', async (t) => {
  for (const [name, calls, gaps] of cases) {
    t.same(
      coverageGaps(documents, calls),
      gaps.map((gap) => `orders: ${gap}`),
      name,
    )
  }
})
