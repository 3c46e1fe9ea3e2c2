import { gzipSync } from 'node:zlib'
import { hashPassword } from '@comanda/access'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria, addUser } from '../builders.ts'
import { startSandbox } from '../payments/paying-campus.ts'
import {
  expiredToken,
  forgedToken,
  outcomeIn,
  outcomeOf,
  type Rule,
  rules,
  type TestCaller,
} from './callers.ts'
import { type ExampleCall, exampleCalls } from './example-calls.ts'
import { operationsOf, requestFor } from './operations.ts'

/** Every operation and who may call it. A route that is missing here fails the test: decide, then add it. */
const whoMayCall: Record<string, Rule> = {
  getHealth: 'anybody',
  getLiveness: 'anybody',
  getReadiness: 'anybody',

  register: 'anybody',
  login: 'anybody',
  refreshSession: 'anybody',
  logout: 'anybody',
  listSessions: 'anybody with an account',
  endSession: 'its owner',
  endSessions: 'anybody with an account',
  getMe: 'anybody with an account',
  updateMe: 'anybody with an account',
  changePassword: 'anybody with an account',

  listCafeterias: 'anybody',
  getCafeteria: 'anybody',
  createCafeteria: 'administrators',
  updateCafeteria: 'managers',
  pauseCafeteria: 'managers',
  resumeCafeteria: 'managers',
  getHours: 'anybody',
  replaceHours: 'managers',
  listScheduleExceptions: 'anybody',
  createScheduleException: 'managers',
  deleteScheduleException: 'managers',
  listSlots: 'anybody',
  addWalkIns: 'staff',
  listMembers: 'managers',
  changeMember: 'managers',
  removeMember: 'managers',
  inviteMember: 'managers',
  listInvitations: 'managers',
  withdrawInvitation: 'managers',
  listOwnInvitations: 'anybody with an account',
  acceptInvitation: 'its owner',
  declineInvitation: 'its owner',

  getMenu: 'anybody',
  listCategories: 'anybody',
  createCategory: 'managers',
  updateCategory: 'managers',
  deleteCategory: 'managers',
  listMealtimes: 'anybody',
  createMealtime: 'managers',
  updateMealtime: 'managers',
  deleteMealtime: 'managers',
  listModifierGroups: 'anybody',
  createModifierGroup: 'managers',
  updateModifierGroup: 'managers',
  deleteModifierGroup: 'managers',
  listProducts: 'anybody',
  getProduct: 'anybody',
  createProduct: 'managers',
  updateProduct: 'managers',
  deleteProduct: 'managers',
  setAvailability: 'staff',
  getTopProducts: 'anybody',
  getConfig: 'anybody',
  updateConfig: 'administrators',
  listAuditLog: 'managers',
  getCacheStats: 'administrators',
  invalidateCache: 'administrators',

  getSummary: 'anybody with an account',
  listRecentOrders: 'anybody with an account',
  placeOrder: 'anybody with an account',
  quoteOrder: 'anybody with an account',
  listOrders: 'anybody with an account',
  getOrder: 'its owner and staff',
  listOrderEvents: 'its owner and staff',
  getFeed: 'staff',
  acceptOrder: 'staff',
  rejectOrder: 'staff',
  startOrder: 'staff',
  readyOrder: 'staff',
  recallOrder: 'staff',
  collectOrder: 'staff',
  cancelOrder: 'its owner and staff',

  payOrder: 'its owner',
  listOrderPayments: 'its owner and staff',
  refundPayment: 'staff',
  getWallet: 'anybody with an account',
  topUpWallet: 'anybody with an account',
  listTransactions: 'anybody with an account',
  receiveProviderWebhook: 'whoever signs it',
}

const { url: PAYMENT_SANDBOX_URL } = await startSandbox(t, {})
const { app, call, as, config, database } = await startTestApp(t, { PAYMENT_SANDBOX_URL })
const db = database.primary

const password = 'a password of the tests'
const passwordHash = await hashPassword(password)
const person = (values: Parameters<typeof addUser>[1] = {}) =>
  addUser(db, { passwordHash, balanceCents: 1_000_000, ...values })
const here = await addCafeteria(db)
const elsewhere = await addCafeteria(db)
const customer = await person()

const staff = { [here.id]: 'staff' } as const
const manager = { [here.id]: 'manager' } as const
const managerElsewhere = { [elsewhere.id]: 'manager' } as const
const party = async (
  roleHere: TestCaller['roleHere'],
  values: Parameters<typeof addUser>[1] = {},
): Promise<TestCaller> => {
  const { caller } = await person(values)
  return { headers: as(caller), role: caller.role, roleHere, isOwner: false }
}
const stranger = { role: null, roleHere: null, isOwner: false }
const callers: Record<string, TestCaller> = {
  nobody: { ...stranger, headers: {} },
  'an expired token': { ...stranger, headers: expiredToken(customer, config.ACCESS_TOKEN_SECRET) },
  'a forged token': { ...stranger, headers: forgedToken(customer) },
  'its customer': { headers: as(customer.caller), role: 'customer', roleHere: null, isOwner: true },
  'another customer': await party(null),
  staff: await party('staff', { memberships: staff }),
  'staff elsewhere': await party(null, { memberships: { [elsewhere.id]: 'staff' } }),
  'a manager': await party('manager', { memberships: manager }),
  'a manager elsewhere': await party(null, { memberships: managerElsewhere }),
  'staff who manage elsewhere': await party('staff', { memberships: { ...staff, ...managerElsewhere } }),
  'an administrator': await party(null, { isAdmin: true }),
}

const examples: Record<string, () => ExampleCall | Promise<ExampleCall>> = exampleCalls({
  database,
  cafeteriaId: here.id,
  customer,
  password,
})

await app.ready()
const operations = operationsOf(app)

t.test('the table has every route of the document, and no other', async (t) => {
  const documented = operations.map(({ operationId }) => operationId)
  t.strictSame(documented.toSorted(), Object.keys(whoMayCall).toSorted())
  const leastRoles = operations.map((operation) => [operation.operationId, operation['x-access']])
  t.strictSame(
    Object.fromEntries(leastRoles),
    Object.fromEntries(Object.entries(whoMayCall).map(([id, rule]) => [id, rules[rule]])),
  )
})

t.test('each reason why a token is not valid has a code of its own', async (t) => {
  const codeFor = async (who: string) =>
    (await call({ url: '/v1/me', headers: callers[who]?.headers ?? {} })).body.code
  t.equal(await codeFor('nobody'), 'access_token_missing')
  t.equal(await codeFor('an expired token'), 'access_token_expired')
  t.equal(await codeFor('a forged token'), 'access_token_invalid')
})

for (const operation of operations) {
  const { operationId } = operation
  const rule = whoMayCall[operationId]
  if (rule === undefined) continue

  t.test(`${operationId} is for ${rule}`, async (t) => {
    const attempt = (example: ExampleCall, headers: TestCaller['headers']) =>
      call(requestFor(operation, example, headers))
    const makeExample = async () => (await examples[operationId]?.()) ?? {}

    // A refused call changes nothing, so all refused callers can try it on the same example.
    const shared = await makeExample()
    const expected: Record<string, string> = {}
    const found: Record<string, string> = {}
    for (const [who, caller] of Object.entries(callers)) {
      const outcome = outcomeOf(rule, caller)
      expected[who] = outcome
      found[who] = outcomeIn(
        await attempt(outcome === 'served' ? await makeExample() : shared, caller.headers),
      )
    }
    t.strictSame(found, expected)
    if (rule !== 'whoever signs it') {
      const last = callers[rule === 'its owner' ? 'its customer' : 'an administrator']
      t.equal(
        outcomeIn(await attempt(shared, last?.headers ?? {})),
        'served',
        'the refused have left no trace',
      )
    }
  })
}

t.test('a scrape after everybody has called every route is of a bounded size', async (t) => {
  const text = await app.meter.registry.metrics()
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
  const gzipped = gzipSync(text).length
  t.comment(`${series} series, ${text.length} bytes, ${gzipped} compressed`)
  // Durations are counted by the class of a status: by each status it was 6,500, and 687 kB.
  t.ok(series < 3_500, `${series} series`)
  t.ok(gzipped < 25_000, `${gzipped} bytes compressed`)
})
