import { setTimeout as wait } from 'node:timers/promises'
import type { Caller } from '@comanda/access'
import {
  type CatalogueClientEvents,
  catalogueNamespace,
  type DashboardClientEvents,
  dashboardNamespace,
  type OrderClientEvents,
  type OrderMessage,
  ordersNamespace,
} from '@comanda/events'
import { io, type Socket } from 'socket.io-client'
import t, { type Test } from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'

const fleet = await startFleet(t)
const gateway = await fleet.gateway()
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen
const elsewhere = (await openKitchen(fleet.database)).cafeteriaId
const orderId = await kitchen.place()
const [rest, analytics] = [await fleet.orders(), await fleet.analytics()]
await fleet.worker()

/** Who calls. Null stands for a client without a token. */
const callers = {
  nobody: null,
  customer: kitchen.customer,
  'other customer': {},
  staff: kitchen.staff,
  'staff elsewhere': { role: 'staff', memberships: { [elsewhere]: 'staff' } },
  manager: { role: 'manager', memberships: { [cafeteriaId]: 'manager' } },
  'manager elsewhere': { role: 'manager', memberships: { [elsewhere]: 'manager' } },
  admin: { role: 'admin' },
} as const satisfies Record<string, Partial<Caller> | null>
type Who = keyof typeof callers

const everybody = Object.keys(callers) as Who[]
const withToken = everybody.filter((who) => who !== 'nobody')

interface Rule {
  namespace: string
  message: object
  /** Who is served. */
  served: readonly Who[]
  /** The code for everybody else who may enter the namespace: what they may not see does not exist for them. */
  refused?: 'order_not_found' | 'cafeteria_not_found'
  /** Who is refused because of their role, wherever they have it. */
  lowRole?: readonly Who[]
  /** The address of the read over REST that answers the same callers. */
  read?: string
}

const rules: Record<
  keyof OrderClientEvents | keyof CatalogueClientEvents | keyof DashboardClientEvents,
  Rule
> = {
  'order:subscribe': {
    namespace: ordersNamespace,
    message: { orderId },
    served: ['customer', 'staff', 'manager', 'admin'],
    refused: 'order_not_found',
    read: `${rest.url}/v1/orders/${orderId}`,
  },
  'order:subscribe_live_feed': {
    namespace: ordersNamespace,
    message: { cafeteriaId, after: 0 },
    served: ['staff', 'manager', 'admin'],
    refused: 'cafeteria_not_found',
    read: `${rest.url}/v1/cafeterias/${cafeteriaId}/feed?after=0`,
  },
  'dashboard:subscribe': {
    namespace: dashboardNamespace,
    message: { cafeteriaId },
    served: ['manager', 'admin'],
    refused: 'cafeteria_not_found',
    lowRole: ['customer', 'other customer', 'staff', 'staff elsewhere'],
    read: `${analytics.url}/v1/analytics/cafeterias/${cafeteriaId}/dashboard`,
  },
  'catalog:subscribe': {
    namespace: catalogueNamespace,
    message: { cafeteriaId },
    served: everybody,
    read: `${rest.url}/v1/cafeterias/${cafeteriaId}/menu`,
  },
  // Whoever follows nothing may stop following it, which says nothing about what there is.
  'order:unsubscribe': { namespace: ordersNamespace, message: { orderId: elsewhere }, served: withToken },
  'order:unsubscribe_live_feed': {
    namespace: ordersNamespace,
    message: { cafeteriaId: elsewhere },
    served: withToken,
  },
  'dashboard:unsubscribe': {
    namespace: dashboardNamespace,
    message: { cafeteriaId: elsewhere },
    served: withToken,
  },
  'catalog:unsubscribe': {
    namespace: catalogueNamespace,
    message: { cafeteriaId: elsewhere },
    served: everybody,
  },
}

const tokens = new Map(
  everybody.map((who) => [who, callers[who] === null ? undefined : tokenFor(callers[who])]),
)

/** Opens a socket. Resolves to it, or to the code with which it is refused. */
async function enter(t: Test, who: Who, namespace: string): Promise<Socket | string> {
  const token = tokens.get(who)
  const options = { transports: ['websocket'], forceNew: true, reconnection: false }
  const socket = io(`${gateway.url}${namespace}`, { ...options, auth: token === undefined ? {} : { token } })
  t.teardown(() => socket.disconnect())
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket))
    socket.once('connect_error', (error) => resolve((error as Error & { data: { code: string } }).data.code))
  })
}

async function readOverRest(url: string, who: Who): Promise<{ status: number; code?: string }> {
  const token = tokens.get(who)
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, { headers })
  const { code } = (await response.json()) as { code?: string }
  return { status: response.status, ...(code !== undefined && { code }) }
}

// The standby learns of the cafeteria a moment after the primary.
const dashboardRead = rules['dashboard:subscribe'].read as string
while ((await readOverRest(dashboardRead, 'admin')).status !== 200) await wait(20)

t.test('each event answers each caller as the read over REST does, and sends to nobody else', async (t) => {
  const updates = new Map<Who, OrderMessage[]>()
  const opened: [Who, Socket][] = []
  for (const who of everybody) {
    for (const namespace of [ordersNamespace, catalogueNamespace, dashboardNamespace]) {
      const socket = await enter(t, who, namespace)
      const own = Object.entries(rules).filter(([, rule]) => rule.namespace === namespace)
      if (typeof socket === 'string') {
        t.equal(socket, 'access_token_invalid', `${who} does not enter ${namespace}`)
        for (const [event, { served }] of own) t.notOk(served.includes(who), `${who}: ${event}`)
        continue
      }
      const received: OrderMessage[] = []
      socket.on('order:updated', (message: OrderMessage) => void received.push(message))
      if (namespace === ordersNamespace) {
        updates.set(who, received)
        opened.push([who, socket])
      }
      for (const [event, { message, served, refused, lowRole = [] }] of own) {
        const answer = await socket.emitWithAck(event, message)
        if (served.includes(who)) t.match(answer, { ok: true }, `${who}: ${event}`)
        else
          t.same(
            answer,
            { ok: false, code: lowRole.includes(who) ? 'forbidden_role' : refused },
            `${who}: ${event}`,
          )
      }
    }
    for (const [event, { read, served, lowRole }] of Object.entries(rules)) {
      if (read === undefined) continue
      const { status, code } = await readOverRest(read, who)
      if (lowRole?.includes(who)) t.equal(code, 'forbidden_role', `${who}: ${read} refuses as ${event} does`)
      t.equal(status === 200, served.includes(who), `${who}: ${read} answers ${status} beside ${event}`)
    }
  }

  const arrived = new Promise((resolve) => {
    for (const [who, socket] of opened) if (who === 'admin') socket.once('order:updated', resolve)
  })
  await kitchen.move(orderId, 'pending_payment', 'placed')
  await arrived
  for (const [who, socket] of opened) {
    // What was published to this socket comes before this answer.
    await socket.emitWithAck('order:unsubscribe', { orderId: elsewhere })
    const expected = rules['order:subscribe'].served.includes(who) ? 1 : 0
    t.equal(updates.get(who)?.length, expected, `${who} is sent ${expected} updates`)
  }
})
