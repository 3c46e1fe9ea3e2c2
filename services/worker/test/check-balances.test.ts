import { checkBalancesAfter } from '@comanda/payments'
import { sql } from 'kysely'
import t from 'tap'
import { checkBalancesJobs } from '#src/balances/check-balances.jobs.ts'
import type { Job } from '#src/jobs/job.ts'
import { jobContext, openDatabase, openKitchen } from './fixture.ts'

const never = new AbortController().signal

t.test('money that does not add up is logged and measured', async (t) => {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const db = owner.primary
  const context = await jobContext()
  const [job, recent] = checkBalancesJobs({ database, ...context }) as [Job, Job]
  await kitchen.topUp(20_000)
  const paid = await kitchen.place('wallet')
  const unpaid = await kitchen.place('card')
  const timings: object[] = []
  context.log.info = (facts: object) => void timings.push(facts)
  await job.run(never)
  t.same(context.errors, [])
  t.match(
    timings,
    [{ operation: 'check-balances', ok: true, durationMs: Number }],
    'how long it took is logged',
  )
  t.match(await context.metrics.registry.metrics(), /^balance_problems\{job_name="check-balances"\} 0$/m)

  await sql`update accounts set balance_cents = balance_cents + 1 where id = ${kitchen.userId}`.execute(db)
  await sql`update payments set refunded_cents = 100 where id = ${paid.paymentId}`.execute(db)
  await sql`update orders set status = 'placed' where id = ${unpaid.orderId}`.execute(db)
  const { rows } = await sql<{ id: string }>`insert into refunds (payment_id, amount_cents, reason, status)
    values (${paid.paymentId}, 100, 'cold', 'succeeded') returning id`.execute(db)
  const other = await kitchen.place('card')
  await sql`update payments set status = 'captured' where id = ${other.paymentId}`.execute(db)
  await sql`update orders set status = 'cancelled' where id = ${other.orderId}`.execute(db)
  await job.run(never)
  const found = context.errors.map(({ context }) => context as { problem: string; subjectId: string })
  t.same(found.map(({ problem, subjectId }) => [problem, subjectId]).toSorted(), [
    ['order_not_returned', other.orderId],
    ['order_unpaid', unpaid.orderId],
    ['payment_booking', other.paymentId],
    ['refund_booking', rows[0]?.id],
    ['wallet_balance', kitchen.userId],
  ])
  await sql`update payments set refunded_cents = 200 where id = ${paid.paymentId}`.execute(db)
  await job.run(never)
  t.match(context.errors.at(-1), { context: { problem: /./ } })
  t.match(
    await context.metrics.registry.metrics(),
    /^balance_problems\{job_name="check-balances"\} 6$/m,
    'and a refund too many',
  )

  await recent.run(never)
  t.match(
    await context.metrics.registry.metrics(),
    /^balance_problems\{job_name="check-recent-balances"\} 6$/m,
    'what is new is checked every hour',
  )
})

t.test('the books are checked part by part, and no part is left out', async (t) => {
  const { owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const db = owner.primary
  await kitchen.topUp(20_000)
  const orders = [await kitchen.place('wallet'), await kitchen.place('wallet'), await kitchen.place('wallet')]
  for (const { paymentId } of orders)
    await sql`update payments set refunded_cents = 100 where id = ${paymentId}`.execute(db)

  const seen: string[] = []
  let parts = 0
  for (let after: string | null = '00000000-0000-0000-0000-000000000000'; after !== null; parts += 1) {
    const { problems, until } = await checkBalancesAfter(db, after, 1)
    t.ok(problems.length <= 2, 'a part is small')
    seen.push(...problems.map(({ subjectId }) => subjectId))
    after = until
  }
  t.same(
    seen,
    orders.map(({ paymentId }) => paymentId),
    'each once, in the order of their ids',
  )
  t.ok(parts > 6, `${parts} parts`)
})

t.test('what moves through another wallet than the owner of the history has is found', async (t) => {
  const { owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const db = owner.primary
  await kitchen.topUp(20_000)
  const { paymentId } = await kitchen.place('wallet')
  const { rows } = await sql<{ id: string }>`
    with refund as (
      insert into refunds (payment_id, amount_cents, reason, status) values (${paymentId}, 100, 'cold', 'succeeded') returning id
    ), refunded as (update payments set refunded_cents = 100 where id = ${paymentId})
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, payment_id, refund_id)
    select e.credit_account_id, e.debit_account_id, 'refund', method, 100, currency, uuidv7(), payment_id, refund.id
    from entries e, refund where payment_id = ${paymentId}
    returning id`.execute(db)
  t.strictSame(await kitchen.problems(), [
    { problem: 'entry_of_another_wallet', subjectId: rows[0]?.id, expectedCents: 0, actualCents: 100 },
  ])
})
