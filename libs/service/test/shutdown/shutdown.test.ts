import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { patientEnvironment } from '@comanda/local-stack/testing'
import type { Test } from 'tap'
import t from 'tap'
import { nextMessage } from '#src/testing/index.ts'

const program = new URL('./service-program.ts', import.meta.url)

async function start(t: Test, env: Record<string, string> = {}) {
  const child = fork(program, [], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      SHUTDOWN_DRAIN_SECONDS: '0',
      ...patientEnvironment,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const log = text(child.stdout as NodeJS.ReadableStream & AsyncIterable<Buffer>)
  const messages: unknown[] = []
  child.on('message', (message) => messages.push(message))
  const { port, metricsPort } = await nextMessage<{ port: number; metricsPort: number }>(child)
  const exited = once(child, 'exit').then(([code]) => code as number)
  return { child, port, metricsPort, exited, log, messages }
}

/** One connection that is kept open, as a load balancer keeps it. */
function connection(t: Test, port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  return async (path: string, onSent = () => {}) => {
    const request = get({ port, path, agent, host: '127.0.0.1' }).once('finish', onSent)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return {
      status: response.statusCode,
      connection: response.headers.connection,
      body: await json(response),
    }
  }
}

async function heard(child: ChildProcess, messages: unknown[], wanted: string) {
  while (!messages.includes(wanted)) await once(child, 'message')
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(
    `on ${signal} what is in flight is answered, pools close, and the process exits with 0`,
    async (t) => {
      const { child, port, exited, messages, log } = await start(t)
      const ask = connection(t, port)
      const slow = ask('/slow')
      await heard(child, messages, 'slow request arrived')
      child.kill(signal)
      await t.rejects(
        async () => {
          for (;;) await connection(t, port)('/fast')
        },
        // Reset instead of refused: the kernel had accepted the connection and nobody took it.
        { code: /ECONNREFUSED|ECONNRESET/ },
        'nobody listens any more',
      )
      t.notOk(messages.includes('pools closed'), 'not before the last request is answered')
      child.send('finish')
      t.same(await slow, { status: 200, connection: 'close', body: { served: true } })
      t.equal(await exited, 0)
      t.ok(messages.includes('pools closed'))
      const lines = (await log)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter((line) => line.route !== '/fast')
        .map((line) => line.msg)
      t.same(lines.slice(0, 3), ['listening', 'service started', 'stopping'])
      // Only these two are logged when their own sockets close, in either order.
      t.same(lines.slice(3).toSorted(), ['request', 'stopped'], 'and every line is written')
    },
  )
}

t.test(
  'while draining it is unready but alive, and serves late requests telling them to go elsewhere',
  async (t) => {
    const { child, port, exited } = await start(t, { SHUTDOWN_DRAIN_SECONDS: '20' })
    const kept = connection(t, port)
    t.match(await kept('/health/ready'), { status: 200, connection: 'keep-alive' })
    child.kill('SIGTERM')
    let ready = await connection(t, port)('/health/ready')
    while (ready.status === 200) ready = await connection(t, port)('/health/ready')
    t.match(ready, { status: 503, connection: 'close', body: { status: 'draining' } })
    t.match(await kept('/fast'), { status: 200, connection: 'close' }, 'on a connection from before')
    t.match(await connection(t, port)('/fast'), { status: 200, connection: 'close' }, 'on a new connection')
    t.match(await connection(t, port)('/health/live'), { status: 200 })
    t.equal(await exited, 0)
  },
)

t.test('a connection that stays open and idle does not hold up the exit', async (t) => {
  const { child, port, exited } = await start(t, { SHUTDOWN_DEADLINE_SECONDS: '60' })
  await connection(t, port)('/fast')
  child.kill('SIGTERM')
  t.equal(await exited, 0, 'it would be 1 at the deadline')
})

t.test('what came while the process had no time, until the listener closes, is still served', async (t) => {
  const file = join(t.testdir(), 'release')
  const { child, port, exited, messages } = await start(t, {
    SHUTDOWN_DRAIN_SECONDS: '0.5',
    TEST_RELEASE_FILE: file,
  })
  const kept = connection(t, port)
  await kept('/fast')
  const blocked = connection(t, port)('/stop-and-block')
  await heard(child, messages, 'blocking')
  // The time to close comes before any of these is looked at.
  const late = [kept, connection(t, port), connection(t, port)].map((ask) => {
    const sent = Promise.withResolvers<void>()
    return { sent: sent.promise, answer: ask('/fast', sent.resolve) }
  })
  await Promise.all(late.map(({ sent }) => sent))
  writeFileSync(file, '')
  for (const answer of await Promise.all([blocked, ...late.map(({ answer }) => answer)]))
    t.match(answer, { status: 200 })
  t.equal(await exited, 0)
})

t.test('a client that goes on sending a refused body does not hold up the exit', async (t) => {
  const { child, port, exited } = await start(t, {
    SHUTDOWN_DEADLINE_SECONDS: '60',
    REQUEST_TIMEOUT_SECONDS: '240',
    CONNECTION_TIMEOUT_SECONDS: '240',
  })
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => socket.destroy())
  socket.on('error', () => undefined)
  const head = 'host: x\r\ncontent-type: application/json\r\ncontent-length: 9999999999'
  socket.write(`POST /fast HTTP/1.1\r\n${head}\r\n\r\nx`)
  socket.resume()
  await once(socket, 'end')
  child.kill('SIGTERM')
  t.equal(await exited, 0, 'it would be 1 at the deadline')
})

t.test('a drain may last longer than a plugin may take to start', async (t) => {
  const { child, exited, messages } = await start(t, {
    SHUTDOWN_DEADLINE_SECONDS: '30',
    TEST_DRAIN_SECONDS: '10.5',
  })
  child.kill('SIGTERM')
  t.equal(await exited, 0)
  t.ok(messages.includes('pools closed'))
})

t.test('a request that never ends is cut off at the deadline, with exit code 1', async (t) => {
  // The wait is what is tested.
  const { child, port, exited, messages, log } = await start(t, { SHUTDOWN_DEADLINE_SECONDS: '0.3' })
  const slow = connection(t, port)('/slow').catch((error: NodeJS.ErrnoException) => error.code)
  await heard(child, messages, 'slow request arrived')
  child.kill('SIGTERM')
  t.equal(await exited, 1)
  t.equal(await slow, 'ECONNRESET')
  t.match(await log, /"level":"fatal".*not stopped in time/)
})

t.test('signals after the first change nothing', async (t) => {
  const { child, port, exited, messages } = await start(t)
  const slow = connection(t, port)('/slow')
  await heard(child, messages, 'slow request arrived')
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) child.kill(signal)
  child.send('finish')
  t.match(await slow, { status: 200 })
  t.equal(await exited, 0)
})

t.test(
  'an error that nobody caught is logged and stops the process in good order with exit code 1',
  async (t) => {
    const { port, exited, messages, log } = await start(t)
    t.match(await connection(t, port)('/crash'), { status: 200 }, 'requests in flight are answered')
    t.equal(await exited, 1)
    t.ok(messages.includes('pools closed'))
    t.match(await log, /"level":"fatal".*nobody caught this/)
  },
)

t.test('metrics are served on their own port, and a taken port stops the start', async (t) => {
  const { port, metricsPort } = await start(t)
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
  t.match(await response.text(), /http_requests_total/)
  t.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 404, 'and not on the port of the API')
  const second = fork(program, [], {
    env: { ...process.env, NODE_ENV: 'test', HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const [errors, [code]] = await Promise.all([
    text(second.stderr as NodeJS.ReadableStream & AsyncIterable<Buffer>),
    once(second, 'exit'),
  ])
  t.equal(code, 1)
  t.match(errors, 'EADDRINUSE')
})
