import { hashPassword, verifyPassword } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { stableId } from '../stable-id.ts'
import { cafeteriaIds, currency } from './cafeterias.ts'

export interface DemoAccount {
  email: string
  name: string
  role: 'customer' | 'staff' | 'manager' | 'admin'
}

/** The demo accounts. Everybody may know their password, so they exist outside production only. */
export const demoAccounts: readonly DemoAccount[] = [
  { email: 'customer@comanda.test', name: 'Camila Cliente', role: 'customer' },
  { email: 'staff@comanda.test', name: 'Saúl Cocina', role: 'staff' },
  { email: 'manager@comanda.test', name: 'Mariana Gerente', role: 'manager' },
  { email: 'admin@comanda.test', name: 'Adrián Administrador', role: 'admin' },
]
export const demoBalanceCents = 50_000

/** Inserts the demo accounts that are missing and gives all of them `password`. */
export async function insertDemoAccounts(db: Kysely<Schema>, password: string): Promise<void> {
  const known = await db
    .selectFrom('users')
    .select(['email', 'passwordHash'])
    .where(
      'email',
      'in',
      demoAccounts.map(({ email }) => email),
    )
    .execute()
  const hash = await currentHash(
    known.map(({ passwordHash }) => passwordHash),
    password,
  )

  for (const [index, { email, name, role }] of demoAccounts.entries()) {
    if (known.some((user) => user.email === email)) {
      await db
        .updateTable('users')
        .set({ passwordHash: hash, updatedAt: sql`now()` })
        .where('email', '=', email)
        .where('passwordHash', '!=', hash)
        .execute()
      continue
    }
    const id = stableId('user', index + 1)
    await db
      .insertInto('users')
      .values({ id, email, name, passwordHash: hash, isAdmin: role === 'admin' })
      .execute()
    if (role === 'staff' || role === 'manager') {
      await db
        .insertInto('memberships')
        .columns(['cafeteriaId', 'userId', 'role'])
        .expression((eb) =>
          eb
            .selectFrom('cafeterias')
            .select((is) => ['id', is.val(id).as('userId'), is.val<'staff' | 'manager'>(role).as('role')])
            .where('id', 'in', cafeteriaIds),
        )
        .execute()
    }
    if (role === 'customer') await fillWallet(db, id)
  }
}

/** The accounts share one hash: hashing is slow on purpose, and a second run has to check one only. */
async function currentHash(hashes: string[], password: string): Promise<string> {
  const [first] = hashes
  if (
    first !== undefined &&
    hashes.every((hash) => hash === first) &&
    (await verifyPassword(password, first))
  ) {
    return first
  }
  return hashPassword(password)
}

/** Makes a top-up as people do: a card payment that is booked from the clearing account to the wallet. */
async function fillWallet(db: Kysely<Schema>, userId: string): Promise<void> {
  const paymentId = stableId('payment', 1)
  await db
    .insertInto('accounts')
    .values({ id: userId, kind: 'wallet', currency, balanceCents: demoBalanceCents })
    .execute()
  await db
    .insertInto('payments')
    .values({
      id: paymentId,
      purpose: 'top_up',
      orderId: null,
      userId,
      provider: 'sandbox',
      amountCents: demoBalanceCents,
      currency,
      status: 'captured',
      providerReference: 'seed-demo-wallet',
      declineCode: null,
      attempts: 1,
      nextAttemptAt: null,
    })
    .execute()
  await db
    .insertInto('entries')
    .values({
      debitAccountId: sql`clearing_account()`,
      creditAccountId: userId,
      kind: 'top_up',
      method: 'card',
      amountCents: demoBalanceCents,
      currency,
      userId,
      orderId: null,
      paymentId,
      refundId: null,
    })
    .execute()
}
