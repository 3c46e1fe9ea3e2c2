import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createSandboxProvider } from '#src/sandbox/provider.ts'
import { authorization, startReceiver, webhookSecret, within } from './sandbox.ts'

const entry = join(import.meta.dirname, '../src/sandbox/server.ts')

async function start(journal: string, webhookUrl: string, lateSeconds: number) {
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PAYMENT_SANDBOX_JOURNAL: journal,
      PAYMENT_SANDBOX_WEBHOOK_URL: webhookUrl,
      PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
      PAYMENT_SANDBOX_LATE_SECONDS: String(lateSeconds),
    },
  })
  let output = ''
  let url: string | undefined
  while (!url) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    output += chunk.toString()
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
  }
  child.stdout.resume()
  return { child, provider: createSandboxProvider({ url, webhookSecret }) }
}

t.test('kill -9 of the sandbox loses no charge, no decision to come and no webhook', async (t) => {
  const receiver = await startReceiver()
  t.teardown(() => receiver.close())
  const journal = join(t.testdir(), 'sandbox.jsonl')
  const [charged, late] = [randomUUID(), randomUUID()]

  const first = await start(journal, receiver.url, 3600)
  const answer = await first.provider.authorize(authorization('tok_ok', charged))
  await first.provider.authorize(authorization('tok_late', late))
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  appendFileSync(journal, '{"authorization":{"key":"cut of')
  t.equal(receiver.deliveries.length, 0)

  const second = await start(journal, receiver.url, 3600)
  t.same(await second.provider.find({ paymentId: charged, signal: within() }), answer)
  t.match(await second.provider.find({ paymentId: late, signal: within() }), { outcome: 'pending' })
  t.match(await second.provider.capture({ paymentId: charged, amountCents: 6500, signal: within() }), {
    outcome: 'succeeded',
  })
  second.child.kill('SIGTERM')
  t.same(await once(second.child, 'exit'), [0, null], 'and it stops when asked to')
})

t.test('what was to be decided while the sandbox was away is decided when it is back', async (t) => {
  const receiver = await startReceiver()
  t.teardown(() => receiver.close())
  const journal = join(t.testdir(), 'sandbox.jsonl')
  const paymentId = randomUUID()
  const first = await start(journal, receiver.url, 0.2)
  await first.provider.authorize(authorization('tok_late', paymentId))
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await start(journal, receiver.url, 0.2)
  t.teardown(() => second.child.kill('SIGKILL'))
  const [delivery] = await receiver.received(1)
  t.match(second.provider.verifyWebhook(delivery?.headers ?? {}, delivery?.rawBody as Buffer), {
    paymentId,
    outcome: 'authorized',
  })
})
