import t from 'tap'
import type { FuzzOutcome } from '../scripts/fuzz/outcome.ts'
import { faultsOf, tally } from '../scripts/fuzz/verdict.ts'

const outcome = (changes: Partial<FuzzOutcome>): FuzzOutcome => ({
  caller: 'staff',
  service: 'orders',
  answers: {},
  codes: {},
  examples: {},
  failures: [],
  succeeded: true,
  log: 'staff.log',
  ...changes,
})

const names = Array.from({ length: 20 }, (_, index) => `operation${index}`)
const served = (operations: readonly string[], status = 200) =>
  Object.fromEntries(operations.map((operation) => [operation, { [status]: 1 }]))
const operations = names.map((operation) => ({ service: 'orders', operation }) as const)
const faults = (...outcomes: FuzzOutcome[]) => faultsOf(tally(operations, outcomes), outcomes)

t.test('answers are added up over the runs', (t) => {
  const tallies = tally(
    [
      { service: 'orders', operation: 'placeOrder' },
      { service: 'orders', operation: 'getHealth' },
      { service: 'analytics', operation: 'getHealth' },
    ],
    [
      outcome({ caller: 'nobody', answers: { placeOrder: { 401: 2 } } }),
      outcome({ caller: 'customer', answers: { placeOrder: { 201: 1, 401: 1 } } }),
      outcome({ caller: 'customer', service: 'analytics', answers: { getHealth: { 200: 1 } } }),
    ],
  )
  t.strictSame(tallies, [
    {
      service: 'orders',
      operation: 'placeOrder',
      statuses: new Map([
        [401, 3],
        [201, 1],
      ]),
      servedTo: ['customer'],
    },
    { service: 'orders', operation: 'getHealth', statuses: new Map(), servedTo: [] },
    {
      service: 'analytics',
      operation: 'getHealth',
      statuses: new Map([[200, 1]]),
      servedTo: ['customer'],
    },
  ])
  t.end()
})

t.test('at least 95 % of the operations have to be served to somebody', (t) => {
  t.strictSame(faults(outcome({ answers: served(names, 204) })), [])
  t.strictSame(faults(outcome({ answers: served(names.slice(1)) })), [], '19 of 20')
  const split = [
    outcome({ answers: served(names.slice(10)) }),
    outcome({ answers: served(names.slice(0, 10)) }),
  ]
  t.strictSame(faults(...split), [], 'by several runs together')
  t.match(faults(outcome({ answers: { ...served(names.slice(2)), operation1: { 404: 9, 302: 1 } } })), [
    /^only 90 % .* never: operation0 of orders, operation1 of orders$/,
  ])
  t.end()
})

t.test('every other fault fails a run', (t) => {
  const answers = served(names)
  t.match(faults(outcome({ answers: { ...answers, operation3: { 200: 9, 503: 1 } } })), [/^operation3 .*5xx/])
  const failure = {
    operation: 'operation4',
    check: 'response_schema_conformance',
    message: '"id" is missing',
    curl: 'curl -X GET http://127.0.0.1/4',
    count: 3,
  }
  t.match(faults(outcome({ answers, failures: [failure], succeeded: false })), [
    /^operation4 of orders for staff: response_schema_conformance, 3 times: "id" is missing\ncurl -X GET/,
  ])
  const both = (['staff', 'admin'] as const).map((caller) =>
    outcome({ caller, answers, failures: [failure] }),
  )
  t.match(faults(...both), [/^operation4 of orders for staff, admin: response_schema_conformance, 6 times/])
  t.match(faults(outcome({ answers, succeeded: false })), [
    /schemathesis failed for staff of orders: see staff\.log/,
  ])
  const refused = { operation5: { 201: 2 }, operation6: { access_token_missing: 1, 200: 1 } }
  t.match(faults(outcome({ caller: 'entitled', answers, examples: refused })), [
    /^an example of operation6 .* access_token_missing$/,
  ])
  t.strictSame(faults(outcome({ caller: 'staff', answers, examples: refused })), [], 'not all is for staff')
  t.end()
})
