import type { Schema } from '@comanda/database'
import type { TopUpDocument } from '@comanda/payments'
import { type Kysely, sql } from 'kysely'
import { countRows } from '../lists/count-rows.ts'
import type { Slice } from '../lists/list-source.ts'
import { asRefusedOrder } from '../orders/order-refusals.ts'
import type { CallIdentity, Replay } from '../payments/payments.repository.ts'
import type { Wallet, WalletTransaction } from './wallet.schema.ts'

/** Finds a user's wallet. Undefined: nothing was ever put into it. */
export async function findWallet(db: Kysely<Schema>, userId: string): Promise<Wallet | undefined> {
  const wallet = await db
    .selectFrom('accounts')
    .select(['balanceCents', 'currency'])
    .where('id', '=', userId)
    .where('kind', '=', 'wallet')
    .executeTakeFirst()
  return wallet && { balanceCents: wallet.balanceCents ?? 0, currency: wallet.currency }
}

type StartedTopUp =
  | { payment: TopUpDocument; replay?: undefined }
  | { payment?: undefined; replay: Replay<TopUpDocument> & { current: TopUpDocument } }

/** Opens a top-up. @throws AppError wallet_currency_differs, idempotency_key_in_use, idempotency_key_reused */
export async function insertTopUp(
  db: Kysely<Schema>,
  topUp: {
    userId: string
    amountCents: number
    /** That of a wallet that does not exist yet. */
    currency: string
    /** What the customer expects; undefined: `currency`. */
    askedCurrency: string | undefined
    provider: string
  },
  call: CallIdentity,
): Promise<StartedTopUp> {
  try {
    const { rows } = await sql<{ started: StartedTopUp }>`select start_top_up(
      ${topUp.userId}, ${topUp.amountCents}, ${topUp.currency}, ${topUp.provider},
      ${call.idempotencyKey}, ${call.requestHash}, ${topUp.askedCurrency ?? null}
    ) as started`.execute(db)
    return (rows[0] as { started: StartedTopUp }).started
  } catch (error) {
    throw asRefusedOrder(error)
  }
}

/** Lists a user's transactions, newest first, after a position or skipping `offset` rows. */
export async function listTransactions(
  db: Kysely<Schema>,
  userId: string,
  fields: readonly (keyof WalletTransaction)[],
  { limit, after, offset }: Slice<[createdAt: string, id: string]>,
): Promise<Partial<WalletTransaction>[]> {
  let query = db
    .selectFrom('entries')
    .select([...fields])
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (after) query = query.where((eb) => eb(eb.refTuple('createdAt', 'id'), '<', eb.tuple(...after)))
  if (offset) query = query.offset(offset)
  return query.execute()
}

export function countTransactions(db: Kysely<Schema>, userId: string): Promise<number> {
  return countRows(db, db.selectFrom('entries').select('id').where('userId', '=', userId))
}
