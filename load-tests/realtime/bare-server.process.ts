import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

/**
 * The ceiling: a socket.io server with no tokens, no limits, no log and no Redis that joins its clients to rooms and sends
 * to them what a gateway would send, at the rate that its parent asks for.
 */

/** A payload as long as a message of an order. */
const order = JSON.stringify({
  id: '019a0000-0000-7000-8000-000000000000',
  number: 1234,
  status: 'accepted',
  version: 2,
  cafeteriaId: '019a0000-0000-7000-8000-000000000000',
  pickupAt: '2026-01-01T12:00:00.000000+00:00',
  promisedAt: '2026-01-01T12:00:00.000000+00:00',
  reason: null,
  deadlineAt: '2026-01-01T12:00:00.000000+00:00',
  updatedAt: '2026-01-01T12:00:00.000000+00:00',
  event: { type: 'order.accepted', actorRole: 'staff', reason: null, at: '2026-01-01T12:00:00.000000+00:00' },
})

const http = createServer()
const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
const sockets = server.of('/orders')
const customers: string[] = []
const feeds = new Set<string>()
sockets.on('connection', (socket) => {
  const room = `customer:${socket.handshake.auth['id']}`
  customers.push(room)
  void socket.join(room)
  socket.on(
    'order:subscribe_live_feed',
    ({ cafeteriaId }: { cafeteriaId: string }, done: (a: object) => void) => {
      feeds.add(`feed:${cafeteriaId}`)
      void socket.join(`feed:${cafeteriaId}`)
      done({ ok: true })
    },
  )
})

const pick = (list: readonly string[]) => list[Math.floor(Math.random() * list.length)] as string
const everyMilliseconds = 10

process.on('message', ({ perSecond, seconds }: { perSecond: number; seconds: number }) => {
  const rooms = [...feeds]
  const startedAt = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const elapsed = Math.min((performance.now() - startedAt) / 1000, seconds)
    for (; sent < elapsed * perSecond; sent += 1) {
      const message = {
        sentAt: performance.timeOrigin + performance.now(),
        order: JSON.parse(order) as object,
      }
      sockets.to([pick(rooms), pick(customers)]).emit('order:updated', message)
    }
    if (elapsed < seconds) return
    clearInterval(timer)
    process.send?.({ sent })
  }, everyMilliseconds)
})

http.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (http.address() as AddressInfo).port }))
