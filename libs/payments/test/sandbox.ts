import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSandboxProvider } from '#src/sandbox/provider.ts'
import { createSandbox, type SandboxOptions } from '#src/sandbox/sandbox.ts'

export const webhookSecret = 'a-secret-of-the-tests'

export interface Delivery {
  headers: IncomingHttpHeaders
  rawBody: Buffer
}

/** Listens for webhooks; `answer` decides the status of each. */
export async function startReceiver(answer: (count: number) => number = () => 200) {
  const deliveries: Delivery[] = []
  let notify = () => {}
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      deliveries.push({ headers: request.headers, rawBody: Buffer.concat(parts) })
      response.writeHead(answer(deliveries.length)).end()
      notify()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    deliveries,
    /** Resolves when so many webhooks have come. */
    async received(count: number) {
      while (deliveries.length < count) await new Promise<void>((resolve) => (notify = resolve))
      return deliveries
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** A sandbox on a port of its own and a provider that talks to it. Answers of `tok_timeout` never come. */
export async function startSandbox(options: Partial<SandboxOptions> = {}, port = 0) {
  const sandbox = createSandbox({
    journal: null,
    webhookUrl: 'http://127.0.0.1:1/',
    webhookSecret,
    lateMilliseconds: null,
    answerMilliseconds: 600_000,
    retryMilliseconds: 1,
    ...options,
  })
  const url = await sandbox.listen({ host: '127.0.0.1', port })
  return { sandbox, url, provider: createSandboxProvider({ url, webhookSecret }) }
}

export const authorization = (token: string, paymentId: string = randomUUID()) => ({
  paymentId,
  amountCents: 6500,
  currency: 'MXN',
  token,
  signal: AbortSignal.timeout(60_000),
})

export const within = () => AbortSignal.timeout(60_000)
