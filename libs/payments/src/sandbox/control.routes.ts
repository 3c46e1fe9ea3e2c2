import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Bank } from './bank.ts'
import type { Decision } from './tokens.ts'

const DecisionBody = Type.Object({
  approved: Type.Boolean(),
  delivery: Type.Optional(
    Type.Union([Type.Literal('once'), Type.Literal('twice'), Type.Literal('out_of_order')]),
  ),
})

/** Adds routes for what a person at the provider could do: decide a pending authorisation, and send a message again. */
export function controlRoutes(
  app: FastifyInstance,
  {
    bank,
    decide,
    deliver,
  }: {
    bank: Bank
    decide: (key: string, decision: Decision) => Promise<void>
    deliver: (eventId: string) => Promise<void>
  },
): void {
  const unknown = { code: 'not_found', message: 'There is no such thing' }

  app.post<{ Params: { key: string }; Body: { approved: boolean; delivery?: Decision['delivery'] } }>(
    '/control/authorizations/:key/decision',
    { schema: { body: DecisionBody } },
    async ({ params, body }, reply) => {
      if (!bank.find(params.key)) return reply.code(404).send(unknown)
      await decide(params.key, { approved: body.approved, delivery: body.delivery ?? 'once' })
      return bank.find(params.key)
    },
  )

  app.post<{ Params: { id: string } }>('/control/events/:id/deliver', async ({ params }, reply) => {
    if (!bank.findEvent(params.id)) return reply.code(404).send(unknown)
    await deliver(params.id)
    return reply.code(204).send()
  })
}
