import type { Database } from '@comanda/database'
import { callerOf, refTo, type Service } from '@comanda/service'
import { termsErrors } from '../orders/orders.errors.ts'
import { insertQuote } from './quotes.repository.ts'
import { NewQuote, Quote, quoteSchemas } from './quotes.schema.ts'

export async function quotes(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of quoteSchemas) app.addSchema(schema)

  app.post(
    '/v1/quotes',
    {
      schema: {
        operationId: 'quoteOrder',
        summary: 'Say what an order would cost and when it would be ready',
        description:
          'The promised time is for the work that waits in the kitchen now, and for how long the kitchen has taken at such times. An order that names the quote within two minutes gets its price and its promise, even when the kitchen has more to do by then. A quote takes nothing: stock and the place in the slot are taken by the order. Refusals are those of `POST /v1/orders`.',
        tags: ['orders'],
        body: refTo(NewQuote),
        response: { 201: refTo(Quote) },
      },
      config: {
        access: 'authenticated',
        errors: [...termsErrors, 'database_unavailable'],
      },
    },
    (request, reply) => {
      reply.code(201)
      return insertQuote(database.primary, callerOf(request).userId, request.body)
    },
  )
}
