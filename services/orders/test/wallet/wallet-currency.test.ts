import { settleCapture } from '@comanda/payments'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addUser } from '../builders.ts'
import { startPayingCampus } from '../payments/paying-campus.ts'

/** The same fleet before and after WALLET_CURRENCY was changed: for a while, programs of both run. */
const campus = await startPayingCampus(t)
const { DATABASE_URL, PAYMENT_SANDBOX_URL } = campus.config
const changed = await startTestApp(t, {
  DATABASE_URL,
  PAYMENT_SANDBOX_URL,
  WALLET_CURRENCY: 'EUR',
})
const refusal = (walletCurrency: string, currency: string) => ({
  status: 409,
  body: { code: 'wallet_currency_differs', walletCurrency, currency },
})

async function openWallet() {
  const kitchen = await campus.openKitchen()
  const topUp = (app: Pick<typeof changed, 'call' | 'as'>, body: object = {}) =>
    app.call({
      method: 'POST',
      url: '/v1/wallet/top-ups',
      headers: app.as(kitchen.customer.caller),
      payload: { amountCents: 5000, token: 'tok_ok', ...body },
    })
  const wallet = async (app: Pick<typeof changed, 'call' | 'as'>) =>
    (await app.call({ url: '/v1/wallet', headers: app.as(kitchen.customer.caller) })).body
  return { ...kitchen, topUp, wallet }
}

t.test('a wallet keeps its currency when that of new wallets changes', async (t) => {
  const { topUp, wallet, check } = await openWallet()
  t.match(await topUp(campus), { status: 201, body: { currency: 'MXN', balanceCents: 5000 } })
  t.match(await topUp(changed), refusal('MXN', 'EUR'), 'nobody pays pesos who expects euros')
  t.match(await topUp(changed, { currency: 'EUR' }), refusal('MXN', 'EUR'))
  t.match(await topUp(changed, { currency: 'MXN' }), {
    status: 201,
    body: { currency: 'MXN', balanceCents: 10_000 },
  })
  t.same(await wallet(changed), { balanceCents: 10_000, currency: 'MXN' })
  await check(t)
})

t.test('the first top-up decides, although its bank takes its time', async (t) => {
  const { topUp, wallet, decide, check } = await openWallet()
  t.same(await wallet(changed), { balanceCents: 0, currency: 'EUR' })
  t.match(await topUp(changed, { currency: 'MXN' }), refusal('EUR', 'MXN'))
  const late = await topUp(campus, { token: 'tok_late' })
  t.match(late, { status: 201, body: { status: 'pending', currency: 'MXN' } })
  t.match(await topUp(changed), refusal('MXN', 'EUR'))
  await decide(late.body.id, { approved: false })
  t.match(
    await topUp(changed),
    { status: 201, body: { currency: 'EUR', balanceCents: 5000 } },
    'it came to nothing',
  )
  t.match(await topUp(campus), refusal('EUR', 'MXN'))
  await check(t)
})

t.test('of first top-ups in two currencies at the same time one kind is charged', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { topUp, check } = await openWallet()
    const answers = await Promise.all([campus, changed, campus, changed].map((app) => topUp(app)))
    const currencies = answers.flatMap(({ status, body }) => (status === 201 ? [body.currency] : []))
    t.equal(currencies.length, 2)
    t.equal(new Set(currencies).size, 1)
    await check(t)
  }
})

t.test('money in another currency is never added to a wallet', async (t) => {
  const db = campus.database.primary
  const { id } = await addUser(db, { balanceCents: 1000 })
  const { rows } = await sql<{ id: string }>`
    insert into payments (user_id, purpose, provider, amount_cents, currency, status)
    values (${id}, 'top_up', 'sandbox', 5000, 'EUR', 'capturing') returning id`.execute(db)
  await t.rejects(settleCapture(db, rows[0]?.id as string, { outcome: 'succeeded' }), /another currency/)
  t.match(await db.selectFrom('accounts').selectAll().where('id', '=', id).execute(), [
    { balanceCents: 1000 },
  ])
})
