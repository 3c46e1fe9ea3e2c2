import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { openDatabase, openKitchen, startSandbox } from './fixture.ts'
import { startWorker, until } from './worker-process.ts'

const polling = ['sequence-events', 'order-timers', 'settle-payments', 'refund-payments']

t.test('workers that are killed at work leave nothing undone', async (t) => {
  const { owner, url } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const sandbox = await startSandbox(t)
  const orders: string[] = []
  for (let count = 0; count < 10; count += 1) orders.push((await kitchen.place()).orderId)
  await kitchen.makeDue('orders')
  await kitchen.makeDue('payments')

  const [first, second] = await Promise.all([
    startWorker(t, url, sandbox.url),
    startWorker(t, url, sandbox.url),
  ])
  t.match(await first.stop('SIGKILL'), { signal: 'SIGKILL' })
  await until(async () => (await kitchen.held()).units === 0)
  t.same(await kitchen.held(), { units: 0, places: 0 })
  for (const orderId of orders) t.match(await kitchen.order(orderId), { status: 'expired' })
  t.same(await kitchen.problems(), [])
  t.match(await second.stop('SIGTERM'), { code: 0 }, 'and a worker that is asked to stop does')
})

t.test('a worker whose database goes away says so once and works on when it is back', async (t) => {
  const { owner, url } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const sandbox = await startSandbox(t)
  const cable = await openCable(t, url)
  const worker = await startWorker(t, cable.url, sandbox.url)
  await until(async () => (await fetch(`${worker.url}/health/ready`)).status === 200)

  cable.cut()
  await until(() => polling.every((job) => worker.logged('job failed').includes(job)))
  t.match(await (await fetch(`${worker.url}/health`)).json(), { status: 'unhealthy' })
  const { orderId } = await kitchen.place()
  await kitchen.makeDue('orders')

  cable.mend()
  await until(async () => (await kitchen.order(orderId)).status === 'expired')
  await until(() => polling.every((job) => worker.logged('job recovered').includes(job)))
  const failures = worker.logged('job failed')
  t.equal(new Set(failures).size, failures.length, 'once for each job')
  const metrics = await (await fetch(`${worker.metricsUrl}/metrics`)).text()
  t.match(metrics, /^order_timer_moves_total\{to="expired"\} 1$/m)
  t.match(metrics, /^job_duration_seconds_count\{job_name="order-timers"\} [1-9]/m)
  t.match(await worker.stop('SIGTERM'), { code: 0 })
})

/** Opens a connection to the database that can be cut. */
async function openCable(t: Test, databaseUrl: string) {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((socket) => {
    if (!whole) return socket.destroy()
    const upstream = connect(Number(target.port), target.hostname)
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(end)
          socket.destroy()
          upstream.destroy()
        })
    }
    return socket.pipe(upstream).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const here = new URL(databaseUrl)
  here.port = String((server.address() as AddressInfo).port)
  return {
    url: here.href,
    cut() {
      whole = false
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      whole = true
    },
  }
}
