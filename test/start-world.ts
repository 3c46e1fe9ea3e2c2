import { join } from 'node:path'
import type { Test } from 'tap'
import { cloneTestDatabase, startServiceUnderTest, testRedisNodes } from '../libs/local-stack/src/testing.ts'
import { limitsOutOfReach } from '../load-tests/limits.ts'
import { openMigratedDatabase } from '../load-tests/open-database.ts'
import type { World } from '../load-tests/profiles/world.ts'
import { insertWorld } from '../load-tests/run/insert-world.ts'

export const accessTokenSecret = 'the-secret-that-signs-tokens-in-this-test'

/** Starts a service over a database until the end of the test, and returns its URL. */
export async function startLoadedService(
  t: Test,
  name: string,
  databaseUrl: string,
  env: Record<string, string>,
): Promise<string> {
  const service = await startServiceUnderTest(
    join(import.meta.dirname, `../services/${name}/src/server.ts`),
    {
      ACCESS_TOKEN_SECRET: accessTokenSecret,
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_MIN: '0',
      DATABASE_POOL_MAX: '5',
      REDIS_NODES: testRedisNodes(),
      ...env,
    },
  )
  t.teardown(() => service.stop('SIGKILL'))
  return service.url
}

/** Starts orders, a gateway and the worker over a database with customers and kitchens, until the end of the test. */
export async function startWorld(t: Test, customers: number): Promise<World> {
  const clone = await cloneTestDatabase()
  t.teardown(() => clone.drop())
  const database = await openMigratedDatabase(clone.url, 'start-world')
  const filled = await insertWorld(database.primary, { customers, accessTokenSecret, tokenSeconds: 3600 })
  await database.close()
  const start = (name: string) => startLoadedService(t, name, clone.url, limitsOutOfReach)
  const [url, gatewayUrl] = await Promise.all([start('orders'), start('realtime'), start('worker')])
  return { url, gatewayUrl, ...filled }
}
