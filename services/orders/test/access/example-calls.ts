import { randomUUID } from 'node:crypto'
import { createRefreshToken } from '@comanda/access'
import type { TestApp } from '../app.ts'
import {
  addCafeteria,
  addCategory,
  addInvitation,
  addModifierGroup,
  addProduct,
  addSlot,
  addUser,
  type TestUser,
} from '../builders.ts'
import { exampleOrders } from './example-orders.ts'

export interface ExampleCall {
  /** Path parameters by name. */
  path?: Record<string, string>
  /** Query parameters by name. */
  query?: Record<string, string>
  body?: object
}

export interface Surroundings extends Pick<TestApp, 'database'> {
  cafeteriaId: string
  /** Owns the orders, payments and sessions. */
  customer: TestUser
  /** The password of every user. */
  password: string
}

/** Makes names and dates that are not taken, whoever makes examples. */
let count = 0

/**
 * Makes, for each operation that needs anything, a call that succeeds for whoever may make it. Each call gets orders, products and so on
 * of its own, because most calls use them up.
 */
export function exampleCalls(surroundings: Surroundings) {
  const { database, cafeteriaId, customer, password } = surroundings
  const db = database.primary
  const cafeteria = { cafeteriaId }
  const unique = () => `Example ${(count += 1)}`

  async function addRefreshToken(): Promise<string> {
    const { caller } = await addUser(db)
    const { token, hash } = createRefreshToken()
    await db.insertInto('refreshTokens').values({ hash, sessionId: caller.sessionId }).execute()
    return token
  }

  async function addSession(): Promise<string> {
    const { id } = await db
      .insertInto('sessions')
      .values({ userId: customer.id, expiresAt: new Date(Date.now() + 86_400_000).toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  const orders = exampleOrders(surroundings)
  const order = async (...[status]: Parameters<typeof orders.add>) => ({
    orderId: (await orders.add(status)).id,
  })

  async function addException(date: string): Promise<string> {
    const { id } = await db
      .insertInto('scheduleExceptions')
      .values({ cafeteriaId, date })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }
  /** Returns another date of a far year every time. */
  const farDate = () => new Date(Date.UTC(2090, 0, (count += 1))).toISOString().slice(0, 10)

  async function addMealtime(): Promise<string> {
    const { id } = await db
      .insertInto('mealtimes')
      .values({ cafeteriaId, name: unique(), starts: '08:00', ends: '11:00' })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  const member = async () => ({
    ...cafeteria,
    userId: (await addUser(db, { memberships: { [cafeteriaId]: 'staff' } })).id,
  })
  /** The customer is invited to another cafeteria, so that accepting changes nothing here. */
  const invitedElsewhere = async () => ({
    cafeteriaId: (await addCafeteria(db, { slotDays: null })).id,
    email: customer.email,
  })
  const product = async () => ({ productId: (await addProduct(db, cafeteria)).id })
  const category = async () => ({ categoryId: (await addCategory(db, cafeteria)).id })
  const modifierGroup = async () => ({ modifierGroupId: (await addModifierGroup(db, cafeteria)).id })
  const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))

  return {
    register: () => ({ body: { email: `${randomUUID()}@comanda.test`, password } }),
    login: () => ({ body: { email: customer.email, password } }),
    refreshSession: async () => ({ body: { refreshToken: await addRefreshToken() } }),
    logout: async () => ({ body: { refreshToken: await addRefreshToken() } }),
    endSession: async () => ({ path: { sessionId: await addSession() } }),
    updateMe: () => ({ body: { name: unique() } }),
    changePassword: () => ({ body: { currentPassword: password, newPassword: password } }),

    getCafeteria: () => ({ path: cafeteria }),
    createCafeteria: () => ({
      body: {
        slug: `example-${(count += 1)}`,
        name: 'Example',
        timeZone: 'America/Mexico_City',
        currency: 'MXN',
      },
    }),
    updateCafeteria: () => ({ path: cafeteria, body: { description: unique() } }),
    pauseCafeteria: () => ({ path: cafeteria, body: { reason: unique() } }),
    resumeCafeteria: () => ({ path: cafeteria }),
    getHours: () => ({ path: cafeteria }),
    replaceHours: () => ({ path: cafeteria, body: { opening: always } }),
    listScheduleExceptions: () => ({ path: cafeteria }),
    createScheduleException: () => ({ path: cafeteria, body: { date: farDate() } }),
    deleteScheduleException: async () => ({
      path: { ...cafeteria, exceptionId: await addException(farDate()) },
    }),
    listSlots: () => ({ path: cafeteria }),
    addWalkIns: async () => ({
      path: { slotId: (await addSlot(db, cafeteria)).id },
      body: { orders: 1, makeSeconds: 60 },
    }),

    listMembers: () => ({ path: cafeteria }),
    changeMember: async () => ({ path: await member(), body: { role: 'staff' } }),
    removeMember: async () => ({ path: await member() }),
    inviteMember: () => ({ path: cafeteria, body: { email: `${randomUUID()}@comanda.test`, role: 'staff' } }),
    listInvitations: () => ({ path: cafeteria }),
    withdrawInvitation: async () => {
      const { id } = await addInvitation(db, cafeteria)
      return { path: { ...cafeteria, invitationId: id } }
    },
    acceptInvitation: async () => {
      const { id, code } = await addInvitation(db, await invitedElsewhere())
      return { path: { invitationId: id }, body: { code } }
    },
    declineInvitation: async () => {
      const { id } = await addInvitation(db, await invitedElsewhere())
      return { path: { invitationId: id } }
    },

    getMenu: () => ({ path: cafeteria }),
    createCategory: () => ({ body: { ...cafeteria, name: unique() } }),
    updateCategory: async () => ({ path: await category(), body: { name: unique() } }),
    deleteCategory: async () => ({ path: await category() }),
    createMealtime: () => ({ body: { ...cafeteria, name: unique(), starts: '08:00', ends: '11:00' } }),
    updateMealtime: async () => ({ path: { mealtimeId: await addMealtime() }, body: { ends: '12:00' } }),
    deleteMealtime: async () => ({ path: { mealtimeId: await addMealtime() } }),
    createModifierGroup: () => ({
      body: { ...cafeteria, name: unique(), modifiers: [{ name: 'Oat milk' }] },
    }),
    updateModifierGroup: async () => ({ path: await modifierGroup(), body: { name: unique() } }),
    deleteModifierGroup: async () => ({ path: await modifierGroup() }),
    getProduct: async () => ({ path: await product() }),
    createProduct: async () => ({
      body: { ...cafeteria, ...(await category()), name: unique(), priceCents: 4500, makeSeconds: 60 },
    }),
    updateProduct: async () => ({ path: await product(), body: { priceCents: 5000 } }),
    deleteProduct: async () => ({ path: await product() }),
    setAvailability: async () => ({ path: await product(), body: { status: 'quantity', quantity: 10 } }),

    getTopProducts: () => ({ path: cafeteria }),
    listAuditLog: () => ({ query: { ...cafeteria } }),
    invalidateCache: () => ({ body: { tags: ['settings'] } }),
    updateConfig: () => ({ body: { announcement: unique() } }),

    placeOrder: async () => ({
      body: {
        ...cafeteria,
        items: [{ ...(await product()), quantity: 1 }],
        pickup: 'asap',
        payment: { method: 'wallet' },
      },
    }),
    quoteOrder: async () => ({
      body: { ...cafeteria, items: [{ ...(await product()), quantity: 1 }], pickup: 'asap' },
    }),
    getOrder: async () => ({ path: await order('placed') }),
    listOrderEvents: async () => ({ path: await order('placed') }),
    getFeed: () => ({ path: cafeteria }),
    acceptOrder: async () => ({ path: await order('placed') }),
    rejectOrder: async () => ({ path: await order('placed'), body: { reason: 'Sold out' } }),
    startOrder: async () => ({ path: await order('accepted') }),
    readyOrder: async () => ({ path: await order('preparing') }),
    recallOrder: async () => ({ path: await order('ready') }),
    collectOrder: async () => {
      const { id, pickupCode } = await orders.add('ready')
      return { path: { orderId: id }, body: { pickupCode } }
    },
    cancelOrder: async () => ({ path: await order('placed'), body: { reason: 'Broken oven' } }),

    listOrderPayments: async () => ({ path: await order('placed') }),
    payOrder: async () => ({ path: { orderId: (await orders.addUnpaid()).id }, body: { method: 'wallet' } }),
    refundPayment: async () => ({
      path: { paymentId: (await orders.add('placed')).payment.id },
      body: { reason: 'Cold soup' },
    }),
    topUpWallet: () => ({ body: { amountCents: 10_000, token: 'tok_ok' } }),
    receiveProviderWebhook: () => ({ path: { provider: 'sandbox' }, body: {} }),
  } satisfies Record<string, () => ExampleCall | Promise<ExampleCall>>
}
