import { createDatabase, type DatabaseConfig, databaseChecks, databaseOptions } from '@comanda/database'
import { asService, cloneTestDatabase } from '@comanda/local-stack/testing'
import t from 'tap'
import { testOptions } from './open-database.ts'

const clone = await cloneTestDatabase()
t.teardown(() => clone.drop())

/** Asks twice whether a service with this login is well. */
async function check(url: string, refuseOwner: boolean) {
  const warnings: unknown[] = []
  const log = { warn: (...line: unknown[]) => void warnings.push(line), info: () => {} }
  const database = createDatabase(testOptions(url, { refuseOwner, log }))
  const [primary] = databaseChecks(database)
  try {
    await primary?.check()
    return { ...(await primary?.check()), warnings }
  } finally {
    await database.close()
  }
}

const problem = /logs in as the owner of the tables.*DATABASE_OWNER_LOGIN=allow/

t.test('a service that logs in as the owner of the tables is not ready, and says what to do', async (t) => {
  const { status, details, warnings } = await check(clone.url, true)
  t.match({ status, details }, { status: 'unhealthy', details: { schema: problem } })
  t.match(warnings, [[{ problem }, 'this program cannot run on the database']])
  t.equal(warnings.length, 1)
})

t.test('so does a superuser', async (t) => {
  const url = clone.url.replace('comanda:comanda@', 'postgres:postgres@')
  t.match(await check(url, true), { status: 'unhealthy', details: { schema: problem } })
})

t.test('where it is allowed, it is a warning, once', async (t) => {
  const { status, warnings } = await check(clone.url, false)
  t.equal(status, 'healthy')
  t.match(warnings, [[{ problem }, 'a service logs in as the owner of the database']])
  t.equal(warnings.length, 1)
})

t.test('a service with its own login is ready, and nothing is said', async (t) => {
  for (const service of ['orders', 'worker', 'realtime', 'analytics'])
    t.match(await check(asService(clone.url, service), true), { status: 'healthy', warnings: [] }, service)
})

t.test('the owner is refused in production alone, and not where that is allowed', async (t) => {
  const refuses = (config: Partial<DatabaseConfig> & { NODE_ENV?: string }) =>
    databaseOptions(
      { DATABASE_URL: clone.url, DATABASE_REPLICA_URLS: '', ...config } as DatabaseConfig,
      'test',
    ).refuseOwner
  t.equal(refuses({ NODE_ENV: 'production', DATABASE_OWNER_LOGIN: 'refuse' }), true)
  t.equal(refuses({ NODE_ENV: 'production', DATABASE_OWNER_LOGIN: 'allow' }), false)
  t.equal(refuses({ NODE_ENV: 'development', DATABASE_OWNER_LOGIN: 'refuse' }), false)
})
