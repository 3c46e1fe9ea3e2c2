import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const large = Buffer.alloc(5 * 1024 * 1024, 'x')
const json = { 'content-type': 'application/json' }

async function counter(t: Test, env: Record<string, string> = {}) {
  const { app } = await testService(t, { env })
  const body = Type.Object({})
  app.post('/soups', { config: { access: 'public' }, schema: { ...route('Cook'), body } }, async () => ({}))
  app.post('/staff', { config: { access: 'staff' }, schema: { ...route('Staff'), body } }, async () => ({}))
  const limited = { access: 'public', limit: 'payments' } as const
  app.post('/limited', { config: limited, schema: { ...route('Limited'), body } }, async () => ({}))
  const heavy = { access: 'public', limit: 'expensive' } as const
  app.post('/heavy', { config: heavy, schema: { ...route('Heavy'), body } }, async () => ({}))
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, address, port: Number(new URL(address).port) }
}

/** Resolves when a socket is closed, whether it was reset or not. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))

const refusals: [status: number, code: string, url: string, headers: Record<string, string>][] = [
  [413, 'body_too_large', '/soups', json],
  [415, 'unsupported_media_type', '/soups', { 'content-type': 'text/csv' }],
  [415, 'unsupported_media_type', '/soups', { ...json, 'content-encoding': 'gzip' }],
  [401, 'access_token_missing', '/staff', json],
  [400, 'malformed_url', '/%zz', json],
  [400, 'malformed_url', '/soups?q=%FF', json],
]
for (const [status, code, url, headers] of refusals) {
  const why = `${status} ${code} for ${url}, ${Object.values(headers).join(', ')}`
  t.test(`fetch reads the answer to 5 MB, every time: ${why}`, async (t) => {
    const { address } = await counter(t, { RATE_LIMITS: 'off' })
    for (let run = 0; run < (status === 413 ? 20 : 5); run += 1) {
      const answer = await fetch(address + url, { method: 'POST', headers, body: large })
      t.match(await answer.json(), { status, code })
      t.equal(answer.status, status)
    }
  })
}

t.test('fetch reads the answer to a stream of unknown length', async (t) => {
  const { address } = await counter(t, { RATE_LIMITS: 'off' })
  for (let run = 0; run < 5; run += 1) {
    const body = new Blob([large]).stream()
    const answer = await fetch(`${address}/soups`, {
      method: 'POST',
      headers: json,
      body,
      duplex: 'half',
    } as never)
    t.match(await answer.json(), { status: 413, code: 'body_too_large' })
  }
})

t.test('fetch reads that it has called too often', async (t) => {
  const { address } = await counter(t)
  const statuses: number[] = []
  for (let run = 0; run < 14; run += 1) {
    const answer = await fetch(`${address}/limited`, { method: 'POST', headers: json, body: large })
    t.match(await answer.json(), { status: answer.status })
    statuses.push(answer.status)
  }
  t.same(new Set(statuses), new Set([413, 429]))
})

t.test('fetch reads that the process is too busy', async (t) => {
  const { address } = await counter(t, { OVERLOAD_REQUESTS_IN_FLIGHT: '1' })
  for (let run = 0; run < 5; run += 1) {
    const answer = await fetch(`${address}/heavy`, { method: 'POST', headers: json, body: large })
    t.match(await answer.json(), { status: 503, code: 'overloaded' })
  }
})

t.test('after a small refused body the connection is used again', async (t) => {
  const { port } = await counter(t)
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let got = ''
  socket.on('data', (part) => (got += part))
  const head =
    'POST /staff HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n'
  socket.write(head)
  while (!got.includes('access_token_missing')) await once(socket, 'data')
  socket.write(`${' '.repeat(20)}GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n`)
  while (!got.includes('200 OK')) await once(socket, 'data')
  socket.destroy()
  t.pass('both were answered')
})

t.test('what a client sends after a refused body is not taken for another request', async (t) => {
  const { app, port } = await counter(t)
  let calls = 0
  app.server.prependListener('request', () => calls++)
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  const body = 'x'.repeat(300_000)
  socket.write(
    `POST /soups HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  )
  const [answer] = await once(socket, 'data')
  t.match(answer, /413/)
  t.match(answer, /connection: close/)
  socket.write(`${body}GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n`)
  socket.resume()
  await once(socket, 'end')
  await wait(100)
  t.equal(calls, 1)
  socket.destroy()
})

t.test('a client that sends on and on is cut off at a bound of bytes', async (t) => {
  const { port } = await counter(t)
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(
    'POST /soups HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n',
  )
  socket.on('error', () => undefined)
  socket.resume()
  const block = Buffer.alloc(65_536)
  const pour = () => {
    while (!socket.destroyed && socket.write(block)) {}
  }
  socket.on('drain', pour)
  socket.on('connect', pour)
  await closed(socket)
  t.ok(socket.bytesWritten > 5_000_000, 'more than a mistake was read')
  t.ok(socket.bytesWritten < 40_000_000, `${socket.bytesWritten}`)
})

t.test('a client that stops sending is cut off after a time', async (t) => {
  const { port } = await counter(t, { REQUEST_TIMEOUT_SECONDS: '60' })
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  socket.resume()
  socket.write(
    'POST /soups HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\nx',
  )
  await once(socket, 'end')
  const since = performance.now()
  const pulse = setInterval(() => socket.write('x'), 500)
  await closed(socket)
  clearInterval(pulse)
  t.ok(performance.now() - since < 30_000)
})
