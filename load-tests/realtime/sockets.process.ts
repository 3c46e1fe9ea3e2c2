import { type LeanSocket, openLeanSocket } from './lean-socket.ts'
import type { SocketPlan, SocketsAnswer, SocketsOrder } from './sockets.ts'

/** The phones and kitchen screens of a bench, in a process of their own, so that their work does not delay the others'. */

const namespace = '/orders'
/** Handshakes under way at once. */
const opening = 64

const sockets: LeanSocket[] = []
let closed = 0
let names: string[] = []
let times: number[] = []

const now = () => performance.timeOrigin + performance.now()
const about = /"orderId":"([^"]+)","version":(\d+)|"sentAt":([\d.]+)/

function record(json: string): void {
  if (!json.startsWith('["order:')) return
  const at = now()
  const [, orderId, version, sentAt] = about.exec(json) ?? []
  names.push(sentAt ?? `${orderId}:${version}`)
  times.push(at)
}

async function open(url: string, plans: SocketPlan[]): Promise<void> {
  let next = 0
  async function some(): Promise<void> {
    for (let plan = plans[next++]; plan; plan = plans[next++]) {
      const { auth, from, feed } = plan
      const onClosed = () => void (closed += 1)
      const socket = await openLeanSocket({ url, namespace, auth, from, onEvent: record, onClosed })
      if (feed) await socket.ask('order:subscribe_live_feed', { cafeteriaId: feed })
      sockets.push(socket)
    }
  }
  await Promise.all(Array.from({ length: opening }, some))
}

async function obey(order: SocketsOrder): Promise<SocketsAnswer> {
  if (order.do === 'open') {
    await open(order.url, order.plans)
    return { opened: sockets.length }
  }
  const received = { names, times, closed }
  names = []
  times = []
  return received
}

process.on('message', (order: SocketsOrder) => {
  void obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ failed: String(error) }),
  )
})
