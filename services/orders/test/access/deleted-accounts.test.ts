import { hashPassword } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria, addUser, type TestUser } from '../builders.ts'
import { startSandbox } from '../payments/paying-campus.ts'
import { type ExampleCall, exampleCalls } from './example-calls.ts'
import { operationsOf, requestFor } from './operations.ts'

const { url: PAYMENT_SANDBOX_URL } = await startSandbox(t, {})
const { app, call, as, database } = await startTestApp(t, { PAYMENT_SANDBOX_URL })
const db = database.primary

const password = 'a password of the tests'
const passwordHash = await hashPassword(password)
const here = await addCafeteria(db)
const person = (values: Parameters<typeof addUser>[1] = {}) =>
  addUser(db, { passwordHash, balanceCents: 1_000_000, ...values })

/** Whose account is deleted while their access token is valid. */
const people: Record<string, () => Promise<TestUser>> = {
  'a customer': () => person(),
  staff: () => person({ memberships: { [here.id]: 'staff' } }),
  'a manager': () => person({ memberships: { [here.id]: 'manager' } }),
  'an administrator': () => person({ isAdmin: true }),
}

async function deleteAccount(userId: string): Promise<void> {
  await db.deleteFrom('memberships').where('userId', '=', userId).execute()
  await db.deleteFrom('sessions').where('userId', '=', userId).execute()
  await db.deleteFrom('users').where('id', '=', userId).execute()
}

/** The foreign keys for which a token was refused. */
const violated = new Set<string>()
app.addHook('onResponse', async ({ failure }) => {
  const { constraint } = (failure?.cause ?? {}) as { constraint?: string }
  if (failure?.code === 'access_token_invalid' && constraint) violated.add(constraint)
})
await app.ready()

for (const [who, add] of Object.entries(people)) {
  t.test(`a valid token of ${who} whose account was deleted fails nowhere`, async (t) => {
    for (const operation of operationsOf(app)) {
      const { operationId } = operation
      const person = await add()
      // The example belongs to whoever is deleted, so that its owner is refused or served, too.
      const surroundings = { database, cafeteriaId: here.id, customer: person, password }
      const examples: Record<string, () => ExampleCall | Promise<ExampleCall>> = exampleCalls(surroundings)
      const example = (await examples[operationId]?.()) ?? {}
      await deleteAccount(person.id)
      const { status, body } = await call(requestFor(operation, example, as(person.caller)))
      t.ok(status < 500, `${operationId} answers ${status}`, { body })
      if (status === 401 && operation['x-access'] !== 'public')
        t.match(body, { code: 'access_token_invalid' }, operationId)
    }
  })
}

t.test('whatever refers to the account of a token has refused a deleted one', async (t) => {
  const { rows } = await sql<{ name: string }>`
    select conname as name from pg_constraint where contype = 'f' and confrelid = 'users'::regclass`.execute(
    db,
  )
  // These two are filled with the id of a row that the same statement reads, and not from a token.
  const notOfTokens = new Set(['memberships_user_id_fkey', 'sessions_user_id_fkey'])
  const ofTokens = rows.map(({ name }) => name).filter((name) => !notOfTokens.has(name))
  t.strictSame([...violated].toSorted(), ofTokens.toSorted())
})
