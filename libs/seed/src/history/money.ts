import type { Schema } from '@comanda/database'
import { fellThroughStatuses } from '@comanda/ordering'
import { sql, type Transaction } from 'kysely'
import { historyStaffId } from './customers.ts'

/** Inserts the payment of every order, refunds, top-ups, and the ledger entries of all of them; `settleWallets` is left. */
export async function insertMoney(tx: Transaction<Schema>): Promise<void> {
  await planMoney(tx)
  await insertPayments(tx)
  await insertTopUps(tx)
  await insertPaymentEntries(tx)
  await insertRefunds(tx)
}

async function planMoney(tx: Transaction<Schema>): Promise<void> {
  await sql`
    create temporary table history_payments on commit drop as
    select n, o.id as order_id, user_id, cafeteria_id, payment_method as method, total_cents, currency, created_at, placed_at,
      -- A wallet pays at once, a card when preparation starts.
      case payment_method when 'wallet' then created_at else started_at end as captured_at,
      -- Money that was captured and went back.
      case when status = any (${fellThroughStatuses}) and (payment_method = 'wallet' or started_at is not null)
        then closed_at end as refunded_at,
      closed_at, closed_by, reason, status, case payment_method when 'wallet' then 'wallet' else 'sandbox' end as provider,
      pg_temp.id_at(created_at, n, 'payment') as payment_id,
      pg_temp.id_at(closed_at, n, 'refund') as refund_id
    from history_orders o`.execute(tx)
}

async function insertPayments(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into payments (id, purpose, order_id, user_id, provider, amount_cents, currency, status, refunded_cents,
      provider_reference, decline_code, attempts, created_at, updated_at)
    select payment_id, 'order', order_id, user_id, provider, total_cents, currency,
      case when captured_at is not null then 'captured'
        when status in ('expired', 'pending_payment') then 'declined'
        else 'voided' end,
      case when refunded_at is not null then total_cents else 0 end,
      case method when 'card' then 'history-' || payment_id end,
      case when status in ('expired', 'pending_payment') then 'insufficient_funds' end,
      1, created_at, coalesce(refunded_at, captured_at, created_at)
    from history_payments order by n`.execute(tx)
}

/** Each customer tops up before the first wallet order of a month, by what the month will cost, in hundreds of pesos. */
async function insertTopUps(tx: Transaction<Schema>): Promise<void> {
  await sql`
    create temporary table history_top_ups on commit drop as
    select user_id, currency, min(n) as n, min(created_at) - interval '1 hour' as at,
      ceil(sum(total_cents) / 10000) * 10000 as amount_cents
    from history_payments where method = 'wallet' group by user_id, currency, date_trunc('month', created_at)`.execute(
    tx,
  )
  await sql`
    insert into payments (id, purpose, user_id, provider, amount_cents, currency, status, provider_reference, attempts, created_at, updated_at)
    select id, 'top_up', user_id, 'sandbox', amount_cents, currency, 'captured', 'history-' || id, 1, at, at
    from history_top_ups, lateral (select pg_temp.id_at(at, n, 'top-up') as id) i order by n`.execute(tx)
  await sql`
    insert into entries (id, debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, payment_id, created_at)
    select pg_temp.id_at(at, n, 'top-up entry'), clearing_account(), user_id, 'top_up', 'card', amount_cents, currency, user_id,
      pg_temp.id_at(at, n, 'top-up'), at
    from history_top_ups order by n`.execute(tx)
}

async function insertPaymentEntries(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into entries (id, debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, created_at)
    select pg_temp.id_at(captured_at, n, 'payment entry'), case method when 'wallet' then user_id else clearing_account() end,
      cafeteria_id, 'payment', method, total_cents, currency, user_id, order_id, payment_id, captured_at
    from history_payments where captured_at is not null and total_cents > 0 order by n`.execute(tx)
}

async function insertRefunds(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into refunds (id, payment_id, amount_cents, reason, status, provider_reference, requested_by, attempts, created_at, updated_at)
    select refund_id, payment_id, total_cents, coalesce(reason, status), 'succeeded',
      case method when 'card' then 'history-' || refund_id end,
      case closed_by when 'customer' then user_id when 'staff' then ${historyStaffId}::uuid end, 1, refunded_at, refunded_at
    from history_payments where refunded_at is not null and total_cents > 0 order by n`.execute(tx)
  await sql`
    insert into entries (id, debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, refund_id, created_at)
    select pg_temp.id_at(refunded_at, n, 'refund entry'), cafeteria_id,
      case method when 'wallet' then user_id else clearing_account() end, 'refund', method, total_cents, currency, user_id,
      order_id, payment_id, refund_id, refunded_at
    from history_payments where refunded_at is not null and total_cents > 0 order by n`.execute(tx)
}

/** Adds to the wallets what this batch leaves in them: what was topped up, less what was paid and not refunded. */
export async function settleWallets(tx: Transaction<Schema>): Promise<void> {
  await sql`
    update accounts a set balance_cents = a.balance_cents + left_over.cents
    from (
      select user_id, sum(cents) as cents from (
        select user_id, amount_cents as cents from history_top_ups
        union all
        select user_id, -total_cents from history_payments where method = 'wallet' and refunded_at is null
      ) moved group by user_id
    ) left_over
    where a.id = left_over.user_id`.execute(tx)
}
