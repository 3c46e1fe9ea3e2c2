import { join } from 'node:path'
import { createAccessTokens } from '@comanda/access'
import { createDatabase, type Database, databaseOptions, migrate } from '@comanda/database'
import {
  patientEnvironment,
  type ServiceUnderTest,
  startServiceUnderTest,
  startTemporaryStack,
} from '@comanda/local-stack/testing'
import { loadConfig } from '@comanda/service'
import type { Test } from 'tap'
import { configSchema } from '#src/config.ts'
import { addCampus } from '../builders.ts'

const entries = {
  orders: join(import.meta.dirname, '../../src/server.ts'),
  worker: join(import.meta.dirname, '../../../worker/src/server.ts'),
}

export interface HttpAnswer {
  status: number
  body: any
  headers: Headers
}

/** Starts servers that a test may break, with a campus in them, and lets it start processes of the services. */
export async function startFleet(t: Test, { redis = false } = {}) {
  const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis })
  const [replicaUrl] = stack.replicaUrls
  const env = {
    LOG_LEVEL: 'info',
    RATE_LIMITS: redis ? 'on' : 'off',
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `catalogue=${replicaUrl}`,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: redis ? stack.redisNodes : '127.0.0.1:1',
    WORKER_POLL_SECONDS: '0.05',
  }
  const config = loadConfig(configSchema, { ...patientEnvironment, ...env, NODE_ENV: 'test' })
  await migrate(stack.primaryUrl)
  const database: Database = createDatabase({
    ...databaseOptions(config, 'fault-test'),
    log: { warn() {}, info() {} },
  })
  t.teardown(async () => {
    await database.close()
    await stack.stop()
  })
  const campus = await addCampus(database.primary)
  // There must be room and money for a rush.
  await database.primary.updateTable('pickupSlots').set({ capacityOrders: 100_000 }).execute()
  await database.primary
    .updateTable('accounts')
    .set({ balanceCents: 1_000_000_000 })
    .where('kind', '=', 'wallet')
    .execute()
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })
  const headers = {
    authorization: `Bearer ${tokens.sign(campus.customer.caller)}`,
    'content-type': 'application/json',
  }

  return {
    stack,
    database,
    campus,
    async start(name: keyof typeof entries, more: Record<string, string> = {}): Promise<ServiceUnderTest> {
      const service = await startServiceUnderTest(entries[name], { ...env, ...more })
      t.teardown(() => service.stop('SIGKILL'))
      return service
    },
    /** Calls the API as an administrator. */
    async edit(service: ServiceUnderTest, method: string, path: string, body: object): Promise<HttpAnswer> {
      const authorization = `Bearer ${tokens.sign(campus.admin.caller)}`
      const request = { method, headers: { ...headers, authorization }, body: JSON.stringify(body) }
      return answer(await fetch(service.url + path, request))
    },
    async get(
      service: ServiceUnderTest,
      path: string,
      more: Record<string, string> = {},
    ): Promise<HttpAnswer> {
      return answer(await fetch(service.url + path, { headers: { ...headers, ...more } }))
    },
    /** Places a wallet order. Rejects when the process dies before it answers. */
    async place(service: ServiceUnderTest, key: string): Promise<HttpAnswer> {
      const body = {
        cafeteriaId: campus.cafeteria.id,
        items: [{ productId: campus.product.id, quantity: 1 }],
        pickup: 'asap',
        payment: { method: 'wallet' },
      }
      const request = {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
        body: JSON.stringify(body),
      }
      return answer(await fetch(`${service.url}/v1/orders`, request))
    },
  }
}

async function answer(response: Response): Promise<HttpAnswer> {
  return { status: response.status, body: await response.json(), headers: response.headers }
}
