import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { clientSignal } from '#src/index.ts'
import { route, testService } from '../support.ts'

/** How long answers last that are longer than the time of a handler, in milliseconds. */
const lasting = 4000

async function* slowly() {
  yield 'first '
  await wait(lasting)
  yield 'last'
}

const json = { 'content-type': 'application/json' }

/** A service with handlers that answer when their signal is aborted, which is never as long as nobody gives up. */
async function slowKitchen(t: Test, seconds: string) {
  const service = await testService(t, {
    env: { HANDLER_TIMEOUT_SECONDS: seconds },
  })
  const signals: AbortSignal[] = []
  const config = { access: 'public' } as const
  const body = Type.Object({ name: Type.String() })
  service.app.get('/slow', { config, schema: route('Slow') }, async (_request, reply) => {
    const signal = clientSignal(reply)
    signals.push(signal)
    await once(signal, 'abort')
    return { late: true }
  })
  service.app.post('/slow', { config, schema: { ...route('Slow'), body } }, async (_request, reply) => {
    const signal = clientSignal(reply)
    signals.push(signal)
    await once(signal, 'abort')
    return { late: true }
  })
  service.app.post('/never', { config, schema: { ...route('Never'), body } }, () => new Promise(() => {}))
  service.app.post('/empty', { config, schema: route('Empty') }, () => new Promise(() => {}))
  service.app.post('/fast', { config, schema: { ...route('Fast'), body } }, async () => ({}))
  const streams = { ...config, streams: true }
  service.app.get('/events', { config: streams, schema: route('Events') }, async (_request, reply) =>
    reply.type('text/event-stream').send(Readable.from(slowly(), { objectMode: false })),
  )
  service.app.get('/silent', { config: streams, schema: route('Silent') }, () => new Promise(() => {}))
  service.app.get('/stream', { config, schema: route('Stream') }, async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200).write('first ')
    setTimeout(() => reply.raw.end('last'), lasting)
  })
  service.app.get('/started', { config, schema: route('Started') }, async (_request, reply) => {
    reply.raw.writeHead(200).write('first ')
    return new Promise(() => {})
  })
  const address = await service.app.listen({ port: 0, host: '127.0.0.1' })
  return { ...service, signals, address }
}

const calls: [method: 'GET' | 'POST', url: string, body?: string][] = [
  ['GET', '/slow'],
  ['POST', '/slow', '{"name":"soup"}'],
  ['POST', '/slow', JSON.stringify({ name: 'x'.repeat(200_000) })],
  ['POST', '/never', '{"name":"soup"}'],
  ['POST', '/empty'],
]
for (const [method, url, body] of calls) {
  const what = `${method} ${url} with ${body?.length ?? 0} bytes`
  t.test(`${what} is given up with 503 when its time is over, and its work told to stop`, async (t) => {
    // Long enough for the body to arrive on a busy machine.
    const { app, address, signals, lines } = await slowKitchen(t, '3')
    const payload = body === undefined ? {} : { headers: json, body }
    const [answer, injected] = await Promise.all([
      fetch(address + url, { method, ...payload }),
      app.inject({ method, url, ...payload }),
    ])
    t.equal(answer.status, 503)
    t.equal(answer.headers.get('retry-after'), '1')
    t.match(await answer.json(), { status: 503, code: 'handler_timeout', retryAfter: 1 })
    if (url === '/slow')
      t.same(
        signals.map(({ aborted }) => aborted),
        [true, true],
      )
    t.match(injected.json(), { status: 503, code: 'handler_timeout' })
    const requests = lines.filter(({ msg }) => msg === 'request')
    t.match(requests, [{ code: 'handler_timeout' }, { code: 'handler_timeout' }])
    t.equal(requests.length, 2, 'each is logged once')
  })
}

t.test('a signal that is asked for when the time is over is aborted at once', async (t) => {
  // The wait is what is tested.
  const { app } = await testService(t, { env: { HANDLER_TIMEOUT_SECONDS: '0.1' } })
  const late = Promise.withResolvers<AbortSignal>()
  app.get('/late', { config: { access: 'public' }, schema: route('Late') }, async (_request, reply) => {
    await once(reply.raw, 'close')
    late.resolve(clientSignal(reply))
    return {}
  })
  t.equal((await app.inject('/late')).statusCode, 503)
  t.ok((await late.promise).aborted)
})

t.test('what is answered in time is left alone', async (t) => {
  const { address } = await slowKitchen(t, '60')
  for (let run = 0; run < 3; run += 1) {
    const answer = await fetch(`${address}/fast`, { method: 'POST', headers: json, body: '{"name":"soup"}' })
    t.equal(answer.status, 200)
    await answer.text()
  }
})

t.test(
  'an answer that writes itself, and a stream, may last longer than the time of a handler',
  async (t) => {
    const { address } = await slowKitchen(t, '3')
    const texts = ['/stream', '/events'].map(async (url) => (await fetch(address + url)).text())
    t.same(await Promise.all(texts), ['first last', 'first last'])
    t.equal((await fetch(`${address}/silent`)).status, 503, 'a stream has to begin in time')
  },
)

t.test('an answer that has begun and does not end is broken off', async (t) => {
  const { address } = await slowKitchen(t, '0.3')
  await t.rejects(fetch(`${address}/started`).then((answer) => answer.text()))
})

t.test('without a bound nobody gives up', async (t) => {
  const { app, address, signals } = await slowKitchen(t, '0')
  const answer = fetch(`${address}/slow`, { method: 'POST', headers: json, body: '{"name":"soup"}' })
  while (signals.length === 0) await wait(5)
  t.notOk(signals[0]?.aborted)
  app.server.closeAllConnections()
  await t.rejects(answer)
  if (!signals[0]?.aborted) await once(signals[0] as AbortSignal, 'abort')
  t.ok(signals[0]?.aborted)
})
