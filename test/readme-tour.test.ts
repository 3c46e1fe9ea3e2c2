import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { type Database, openPlainDatabase } from '../libs/database/src/index.ts'
import { cloneTestDatabase, startServiceUnderTest, testRedisNodes } from '../libs/local-stack/src/testing.ts'
import { createSandbox } from '../libs/payments/src/sandbox/sandbox.ts'
import { demoBalanceCents, seedCampus } from '../libs/seed/src/index.ts'

const root = join(import.meta.dirname, '..')
const webhookSecret = 'a-secret-of-the-tour'

/** The shell blocks of one section of a document, as one script. */
async function commandsOf(file: string, heading: string): Promise<string> {
  const document = await readFile(join(root, file), 'utf8')
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('\n')
}

/** A seeded database with orders, the worker and the payment sandbox around it. */
async function startFleet(): Promise<{ url: string; database: Database; close: () => Promise<void> }> {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'readme-tour')
  await seedCampus(database.primary, { demoAccounts: true, password: 'comanda-demo' })
  const sandbox = createSandbox({
    journal: null,
    webhookUrl: 'http://127.0.0.1:1/',
    webhookSecret,
    lateMilliseconds: null,
    answerMilliseconds: 1000,
    retryMilliseconds: 500,
  })
  const env = {
    DATABASE_URL: clone.url,
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '5',
    REDIS_NODES: testRedisNodes(),
    PAYMENT_SANDBOX_URL: await sandbox.listen({ host: '127.0.0.1', port: 0 }),
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    // The Redis Cluster is shared by all tests, and so are its counters.
    RATE_LIMITS: 'off',
  }
  const services = await Promise.all(
    ['orders', 'worker'].map((name) =>
      startServiceUnderTest(join(root, `services/${name}/src/server.ts`), env),
    ),
  )
  return {
    url: services[0]?.url ?? '',
    database,
    async close() {
      await Promise.all(services.map((service) => service.stop('SIGTERM')))
      await sandbox.close()
      await database.close()
      await clone.drop()
    },
  }
}

t.test('the tour of the README works as it is printed', async (t) => {
  const script = await commandsOf('README.md', 'Five minutes')
  t.ok(script.split('\n').length > 30, 'the tour was found')
  const { url, database, close } = await startFleet()
  t.teardown(close)

  const { stdout } = await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    timeout: 90_000,
    env: { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), COMANDA_URL: url },
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`the tour stopped after:\n${error.stdout}\n${error.stderr}`, { cause: error })
  })
  t.match(stdout, /^\S+ {2}Biblioteca 24 Horas$/m)
  t.notMatch(stdout, 'Menú del día', 'the menu is of this cafeteria alone')
  t.match(stdout, /accepted\npreparing\nready\ncollected\n/)

  const db = database.primary
  const orders = await db.selectFrom('orders').selectAll().execute()
  t.match(
    orders,
    [{ status: 'collected', version: 5, paymentMethod: 'wallet' }],
    'one order, though it was sent twice',
  )
  const spent = orders[0]?.totalCents ?? 0
  t.ok(spent > 0)
  const toppedUp = 15_000
  const wallets = await db
    .selectFrom('accounts')
    .select('balanceCents')
    .where('kind', '=', 'wallet')
    .execute()
  t.same(wallets, [{ balanceCents: demoBalanceCents + toppedUp - spent }])
  const entries = await db
    .selectFrom('entries')
    .select(['kind', 'amountCents'])
    .orderBy('createdAt')
    .execute()
  t.same(entries, [
    { kind: 'top_up', amountCents: demoBalanceCents },
    { kind: 'top_up', amountCents: toppedUp },
    { kind: 'payment', amountCents: spent },
  ])
})

t.test('the documents name no make target that does not exist', async (t) => {
  const makefile = await readFile(join(root, 'Makefile'), 'utf8')
  const targets = new Set([...makefile.matchAll(/^([a-z0-9-]+):/gm)].map(([, target]) => target))
  for (const file of ['README.md', 'CONTRIBUTING.md']) {
    const document = await readFile(join(root, file), 'utf8')
    const named = [...document.matchAll(/(?:^|`)(?:[A-Z_]+=\S+ )*make ([a-z0-9-]+)/gm)].map(
      ([, target]) => target,
    )
    t.same(
      named.filter((target) => !targets.has(target)),
      [],
      file,
    )
  }
})
