import { setTimeout as delay } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { Type } from 'typebox'
import { type Bank, openBank } from './bank.ts'
import { controlRoutes } from './control.routes.ts'
import { AuthorizationBody } from './protocol.ts'
import { behaviourOf, type Decision } from './tokens.ts'
import { createWebhookSender } from './webhooks.ts'

export interface SandboxOptions {
  /** File of JSON lines that survives the process; null: nothing is kept. */
  journal: string | null
  webhookUrl: string
  webhookSecret: string
  /** How long a late token stays pending; null leaves every decision to the control routes. */
  lateMilliseconds: number | null
  /** How long `tok_timeout` takes to answer. */
  answerMilliseconds: number
  /** Pause before the first repetition of a webhook; it doubles. */
  retryMilliseconds: number
  logger?: FastifyServerOptions['logger']
}

/**
 * Makes a payment provider of play money over HTTP: authorise, capture, void, refund and find, each safe to repeat under its
 * idempotency key, and signed webhooks. Listen on it like on any Fastify instance.
 */
export function createSandbox(options: SandboxOptions): FastifyInstance {
  const app = Fastify({ logger: options.logger ?? false, forceCloseConnections: true })
  const bank = openBank(options.journal)
  const closing = new AbortController()
  const webhooks = createWebhookSender({
    url: options.webhookUrl,
    secret: options.webhookSecret,
    retryMilliseconds: options.retryMilliseconds,
  })

  async function deliver(id: string): Promise<void> {
    const event = bank.findEvent(id)
    if (event && (await webhooks.deliver(event))) bank.markDelivered(id)
  }

  async function decide(key: string, { approved, delivery }: Decision): Promise<void> {
    const [before, decided] = bank.decide(key, approved)
    if (!before || !decided) return
    bank.markDelivered(before.id)
    await deliver(decided.id)
    if (delivery === 'twice') await deliver(decided.id)
    if (delivery === 'out_of_order') await deliver(before.id)
  }

  function schedule({ key, at, decision }: { key: string; at: number; decision: Decision }): void {
    const timer = setTimeout(() => void decide(key, decision), Math.max(0, at - Date.now()))
    closing.signal.addEventListener('abort', () => clearTimeout(timer))
  }

  app.addHook('onReady', async () => {
    for (const due of bank.due()) schedule(due)
    for (const event of bank.undelivered()) void deliver(event.id)
  })
  app.addHook('preClose', async () => {
    closing.abort()
    webhooks.close()
  })

  app.get('/health/ready', async () => ({ status: 'healthy' }))

  app.post<{ Body: { amountCents: number; currency: string; token: string }; Headers: KeyHeader }>(
    '/authorizations',
    { schema: { body: AuthorizationBody, headers: keyHeaders } },
    async ({ body, headers }, reply) => {
      const key = headers['idempotency-key']
      const known = bank.find(key)
      if (known) return known
      const authorization = bank.authorize(key, body)
      const { decision, answersLate } = behaviourOf(body.token)
      if (decision && options.lateMilliseconds !== null) {
        const due = { key, at: Date.now() + options.lateMilliseconds, decision }
        bank.decideLater(due)
        schedule(due)
      }
      if (answersLate) {
        await delay(options.answerMilliseconds, undefined, { signal: closing.signal }).catch(() => {})
      }
      reply.code(201)
      return authorization
    },
  )

  authorizationRoutes(app, bank)
  controlRoutes(app, { bank, decide, deliver })
  return app
}

interface KeyHeader {
  'idempotency-key': string
}

const keyHeaders = Type.Object({ 'idempotency-key': Type.String({ minLength: 1, maxLength: 200 }) })
const amount = Type.Object({ amountCents: Type.Integer({ minimum: 0 }) })

function authorizationRoutes(app: FastifyInstance, bank: Bank): void {
  const refused = { code: 'refused', message: 'Not in the state that the authorization is in' }
  const unknown = { code: 'not_found', message: 'There is no such authorization' }

  app.get<{ Params: { key: string } }>('/authorizations/:key', async ({ params }, reply) => {
    return bank.find(params.key) ?? reply.code(404).send(unknown)
  })

  app.post<{ Params: { key: string }; Body: { amountCents: number } }>(
    '/authorizations/:key/capture',
    { schema: { body: amount, headers: keyHeaders } },
    async ({ params, body }, reply) => {
      const authorization = bank.find(params.key)
      if (!authorization) return reply.code(404).send(unknown)
      if (body.amountCents !== authorization.amountCents) return reply.code(422).send(refused)
      return bank.capture(authorization) ?? reply.code(422).send(refused)
    },
  )

  app.post<{ Params: { key: string } }>(
    '/authorizations/:key/void',
    { schema: { headers: keyHeaders } },
    async ({ params }, reply) => bank.void(params.key) ?? reply.code(422).send(refused),
  )

  app.post<{ Params: { key: string }; Body: { amountCents: number }; Headers: KeyHeader }>(
    '/authorizations/:key/refunds',
    { schema: { body: amount, headers: keyHeaders } },
    async ({ params, body, headers }, reply) => {
      const authorization = bank.find(params.key)
      if (!authorization) return reply.code(404).send(unknown)
      return (
        bank.refund(authorization, headers['idempotency-key'], body.amountCents) ??
        reply.code(422).send(refused)
      )
    },
  )
}
