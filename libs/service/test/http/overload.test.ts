import t from 'tap'
import { route, testService } from '../support.ts'

const open = { access: 'public' } as const

t.test('requests above the most in flight are shed, deferrable ones at half, health never', async (t) => {
  const { app } = await testService(t, { env: { OVERLOAD_REQUESTS_IN_FLIGHT: '4' } })
  const finish = Promise.withResolvers<void>()
  let waiting = 0
  app.get('/slow', { config: open, schema: route('Slow') }, async () => {
    waiting += 1
    await finish.promise
    return {}
  })
  app.get('/report', { config: { ...open, limit: 'reports' }, schema: route('Report') }, async () => ({}))
  app.get('/code', { config: { ...open, limit: 'codes' }, schema: route('Code') }, async () => ({}))
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const statusOf = async (path: string) => (await fetch(base + path)).status
  const slow = [statusOf('/slow'), statusOf('/slow')]
  while (waiting < 2) await new Promise(setImmediate)
  t.equal(await statusOf('/report'), 503, 'two in flight are half of four')
  t.equal(await statusOf('/code'), 200, 'an invitation is accepted however many reports are asked for')
  slow.push(statusOf('/slow'), statusOf('/slow'))
  while (waiting < 4) await new Promise(setImmediate)

  const shed = await fetch(`${base}/slow`)
  t.equal(shed.status, 503)
  t.match(await shed.json(), { code: 'overloaded', retryAfter: Number })
  t.ok(Number(shed.headers.get('retry-after')) >= 1)
  t.equal(await statusOf('/health/live'), 200)
  t.equal(await statusOf('/health'), 200)

  finish.resolve()
  t.same(await Promise.all(slow), [200, 200, 200, 200], 'what was accepted is answered')
  t.equal(await statusOf('/report'), 200)
  t.match(await app.meter.registry.metrics(), /http_requests_shed_total 2/)
})

t.test('a process whose event loop is late sheds until it is well again', async (t) => {
  const { app } = await testService(t, { env: { OVERLOAD_EVENT_LOOP_DELAY_MS: '50' } })
  app.get('/work', { config: open, schema: route('Work') }, async () => ({}))
  await app.ready()
  const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
  const until = async (status: number, before: () => void) => {
    for (;;) {
      before()
      const response = await app.inject('/work')
      if (response.statusCode === status) return response
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const shed = await until(503, block)
  t.match(shed.json(), { code: 'overloaded' })
  t.equal((await app.inject('/health/live')).statusCode, 200)
  t.equal((await until(200, () => {})).statusCode, 200)
})
