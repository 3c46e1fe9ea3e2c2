import { type Database, openPlainDatabase } from '../../libs/database/src/index.ts'
import { cloneTestDatabase, findFreePorts, testRedisNodes } from '../../libs/local-stack/src/testing.ts'
import { createSandbox } from '../../libs/payments/src/sandbox/sandbox.ts'
import { seedCampus } from '../../libs/seed/src/index.ts'
import type { FuzzedProcess } from './process-costs.ts'
import { startProcess } from './start-process.ts'

const webhookSecret = 'the-webhook-secret-of-the-fuzzed-fleet'

/** The services whose documents are fuzzed. */
export const fuzzedServices = ['orders', 'analytics'] as const
export type FuzzedService = (typeof fuzzedServices)[number]

/** What the fuzzer calls, and the worker, each in a process of its own, over a seeded campus of their own. */
export interface FuzzedFleet {
  urls: Record<FuzzedService, string>
  /** Writes as the owner; its replica is the one that analytics reads. */
  database: Database
  webhookSecret: string
  processes: FuzzedProcess[]
  /** What the services have logged so far. */
  log: () => string
  close: () => Promise<void>
}

/**
 * Starts the fleet on the test stack, with a payment sandbox. Limits and the shedding of load are off by configuration, because a
 * fuzzer would see nothing else.
 */
export async function startFuzzedFleet(password: string): Promise<FuzzedFleet> {
  const opened = new AsyncDisposableStack()
  try {
    return await start(password, opened)
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

async function start(password: string, opened: AsyncDisposableStack): Promise<FuzzedFleet> {
  const clone = await cloneTestDatabase()
  opened.defer(() => clone.drop())
  const database = openPlainDatabase(clone.url, 'fuzz', {
    replicas: [{ purpose: 'analytics', url: clone.replicaUrl }],
  })
  opened.defer(() => database.close())
  await seedCampus(database.primary, { demoAccounts: true, password })
  const port = await findFreePorts(1)
  const url = `http://127.0.0.1:${port}`
  const sandbox = createSandbox({
    journal: null,
    webhookUrl: `${url}/v1/provider-webhooks/sandbox`,
    webhookSecret,
    lateMilliseconds: 500,
    answerMilliseconds: 600_000,
    retryMilliseconds: 1000,
  })
  opened.defer(() => sandbox.close())
  const environment = {
    DATABASE_URL: clone.url,
    DATABASE_REPLICA_URLS: `catalogue=${clone.replicaUrl}`,
    // Where no replica is in the rotation, analytics rightly answers 503.
    DATABASE_MAX_LAG_SECONDS: '300',
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    PAYMENT_SANDBOX_URL: await sandbox.listen({ host: '127.0.0.1', port: 0 }),
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    // The wait is what is tested: a token that the sandbox never answers for holds a call that long, and the fuzzer with it.
    PAYMENT_TIMEOUT_SECONDS: '1',
    // A busy machine is not what is tested.
    DATABASE_CONNECT_SECONDS: '120',
    DATABASE_STATEMENT_SECONDS: '120',
    HANDLER_TIMEOUT_SECONDS: '300',
    REQUEST_TIMEOUT_SECONDS: '120',
    HEALTH_TIMEOUT_MS: '60000',
    RATE_LIMITS: 'off',
    OVERLOAD_REQUESTS_IN_FLIGHT: '0',
  }
  const processes: FuzzedProcess[] = []
  async function startService(name: string, more: Record<string, string> = {}) {
    const { service, process } = await startProcess(name, { ...environment, ...more })
    opened.defer(async () => void (await service.stop('SIGTERM')))
    processes.push(process)
    return service
  }
  const orders = await startService('orders', { PORT: String(port) })
  const worker = await startService('worker')
  const analytics = await startService('analytics', {
    DATABASE_REPLICA_URLS: ['analytics', 'reports'].map((purpose) => `${purpose}=${clone.replicaUrl}`).join(),
    DATABASE_REPORT_SECONDS: '120',
  })
  return {
    urls: { orders: url, analytics: analytics.url },
    database,
    webhookSecret,
    processes,
    log: () => orders.output() + worker.output() + analytics.output(),
    close: () => opened.disposeAsync(),
  }
}
