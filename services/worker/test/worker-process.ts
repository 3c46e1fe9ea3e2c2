import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startServiceUnderTest, testRedisNodes } from '@comanda/local-stack/testing'
import type { Test } from 'tap'
import { webhookSecret } from './fixture.ts'

const entry = join(import.meta.dirname, '../src/server.ts')

/** A worker as a process of its own, ended with the test. */
export async function startWorker(t: Test, databaseUrl: string, sandboxUrl: string) {
  const worker = await startServiceUnderTest(entry, {
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    WORKER_POLL_SECONDS: '0.05',
    PAYMENT_SANDBOX_URL: sandboxUrl,
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
  })
  t.teardown(() => worker.stop('SIGKILL'))
  return {
    ...worker,
    /** The jobs that were logged with a message. */
    logged: (message: string) =>
      worker
        .output()
        .split('\n')
        .filter((line) => line.includes(`"msg":"${message}"`))
        .map((line) => (JSON.parse(line) as { job: string }).job),
  }
}

/** Waits for something that must come about by itself; the test's own time-out bounds it. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await wait(20)
}
