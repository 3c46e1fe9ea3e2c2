import { callerOf, refTo, type Service } from '@comanda/service'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { IdempotencyHeaders } from '../payments/payments.schema.ts'
import {
  ListTransactions,
  RequestTopUp,
  TopUp,
  TransactionList,
  Wallet,
  walletSchemas,
} from './wallet.schema.ts'
import { getWallet, listOwnTransactions, topUpWallet, type WalletDependencies } from './wallet.service.ts'

export async function wallet(app: Service, dependencies: WalletDependencies): Promise<void> {
  for (const schema of walletSchemas) app.addSchema(schema)

  app.get(
    '/v1/wallet',
    {
      schema: {
        operationId: 'getWallet',
        summary: 'What is in the caller’s wallet',
        tags: ['payments'],
        headers: ConsistencyHeaders,
        response: { 200: refTo(Wallet) },
      },
      config: { access: 'authenticated', errors: ['database_unavailable'] },
    },
    (request) => getWallet(dependencies, callerOf(request), readOptions(request)),
  )

  app.post(
    '/v1/wallet/top-ups',
    {
      schema: {
        operationId: 'topUpWallet',
        summary: 'Put money from a card into the wallet',
        description:
          'While the provider has not decided, the payment is `pending` or `unknown` and the balance is as before. A wallet keeps the currency of its first top-up: `wallet_currency_differs` says the `walletCurrency` and the `currency` that was expected.',
        tags: ['payments'],
        headers: IdempotencyHeaders,
        body: refTo(RequestTopUp),
        response: { 201: refTo(TopUp) },
      },
      config: {
        access: 'authenticated',
        limit: 'payments',
        errors: [
          'wallet_currency_differs',
          'payment_declined',
          'payment_provider_unavailable',
          'idempotency_key_in_use',
          'idempotency_key_reused',
          'database_unavailable',
        ],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return topUpWallet(dependencies, callerOf(request), request.body, {
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        requestId: request.id,
      })
    },
  )

  app.get(
    '/v1/transactions',
    {
      schema: {
        operationId: 'listTransactions',
        summary: 'What the caller paid, got back and put into the wallet, newest first',
        description: 'A card payment appears when it is captured: when the kitchen starts.',
        tags: ['payments'],
        querystring: ListTransactions,
        headers: ConsistencyHeaders,
        response: { 200: refTo(TransactionList) },
      },
      config: {
        access: 'authenticated',
        errors: ['invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    (request) => listOwnTransactions(dependencies, callerOf(request), request.query, readOptions(request)),
  )
}
