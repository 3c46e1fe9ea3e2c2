import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import {
  type ServiceUnderTest,
  startServiceUnderTest,
  startTemporaryStack,
} from '../../../libs/local-stack/src/testing.ts'
import { openMigratedDatabase } from '../../../load-tests/open-database.ts'
import type { ScrapeConfig } from '../../../scripts/observe/prometheus-config.ts'
import { type Notice, receiveNotices } from '../../../scripts/observe/receive-notices.ts'
import { startObservers } from '../../../scripts/observe/start-observers.ts'
import { root } from '../chart.ts'

const names = ['orders', 'realtime', 'analytics', 'worker'] as const

/** One alert in one notice. */
interface Told {
  receiver: string
  way: string
  status: string
  alertname: string
}

export interface AlertWatch {
  told: () => readonly Told[]
  forget: () => void
  /** Resolves when a receiver was told of an alert; the time-out of the test bounds it. */
  until: (receiver: string, way: string, status: 'firing' | 'resolved', alertname: string) => Promise<void>
}

export interface ObservedFleetOptions {
  /** What the services are told besides what every one of them needs. */
  env?: Readonly<Record<string, string>>
  /** Whether a second process of orders runs, whose series have a label of their own as a canary's do. */
  canary?: boolean
  /** What Prometheus asks besides the fleet and its exporters. */
  moreJobs?: readonly ScrapeConfig[]
  /** Fills the database before the services start. */
  fill?: (database: Awaited<ReturnType<typeof openMigratedDatabase>>) => Promise<void>
}

/** A fleet of its own under Prometheus and Alertmanager, which ask and evaluate every three seconds, and tell at once. */
export async function openObservedFleet(t: Test, options: ObservedFleetOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-alerts-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true })
  t.teardown(() => stack.stop())
  const database = await openMigratedDatabase(stack.url, 'alerts')
  await options.fill?.(database)
  await database.close()
  const env: Record<string, string> = {
    LOG_LEVEL: 'info',
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: stack.redisNodes,
    ...options.env,
  }
  const start = (name: string) => startServiceUnderTest(join(root, `services/${name}/src/server.ts`), env)
  const services = new Map<string, ServiceUnderTest>()
  for (const name of names) services.set(name, await start(name))
  const canary = options.canary ? await start('orders') : undefined
  const canaryJobs: ScrapeConfig[] = canary
    ? [
        {
          job_name: 'comanda-orders-canary',
          static_configs: [
            {
              targets: [new URL(canary.metricsUrl).host],
              labels: { namespace: 'comanda', container: 'orders', rollouts_pod_template_hash: 'canary' },
            },
          ],
        },
      ]
    : []
  t.teardown(() => canary?.stop('SIGKILL'))
  t.teardown(() => Promise.all([...services.values()].map((service) => service.stop('SIGKILL'))))

  let notices: Told[] = []
  const webhook = await receiveNotices(({ receiver, way, alerts }: Notice) => {
    for (const { status, labels } of alerts)
      notices.push({ receiver, way, status, alertname: labels['alertname'] ?? '' })
  })
  t.teardown(() => webhook.close())
  const addresses = [...services].map(([name, { url, metricsUrl }]) => {
    return [name, { api: new URL(url).host, metrics: new URL(metricsUrl).host }] as const
  })
  const observers = await startObservers(
    {
      services: Object.fromEntries(addresses),
      postgresUrl: stack.adminUrl,
      redisNodes: stack.redisNodes.split(','),
    },
    // A busy machine answers a scrape within three seconds, which is how long Prometheus then waits.
    {
      directory,
      webhook: webhook.url,
      everySeconds: 3,
      moreJobs: [...canaryJobs, ...(options.moreJobs ?? [])],
    },
  )
  t.teardown(() => observers.stop())

  async function ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${observers.prometheus}/api/v1/${path}`)
    return ((await answer.json()) as { data: T }).data
  }

  const watch: AlertWatch = {
    told: () => notices,
    forget: () => void (notices = []),
    async until(...wanted) {
      const key = wanted.join(' ')
      const isTold = ({ receiver, way, status, alertname }: Told) =>
        `${receiver} ${way} ${status} ${alertname}` === key
      while (!notices.some(isTold)) await sleep(100)
    },
  }
  const { primary } = stack.postgres
  return {
    watch,
    /** Where each service answers. */
    url: (name: (typeof names)[number]) => services.get(name)?.url ?? '',
    canaryUrl: canary?.url ?? '',
    prometheus: observers.prometheus,
    /** Waits until every target has answered. */
    async untilScraped(): Promise<void> {
      for (;;) {
        const { activeTargets } = await ask<{ activeTargets: { health: string }[] }>('targets')
        if (activeTargets.length >= 16 && activeTargets.every(({ health }) => health === 'up')) return
        await sleep(200)
      }
    },
    /** The names of alerts that fire. */
    async firing(): Promise<string[]> {
      const { alerts } = await ask<{ alerts: { state: string; labels: { alertname: string } }[] }>('alerts')
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)
    },
    metricNames: async () => new Set(await ask<string[]>('label/__name__/values')),
    stopDatabase: () => stack.postgres.stopServer(primary, 'fast'),
    startDatabase: () => stack.postgres.startServer(primary),
    async stopRedisNode(): Promise<void> {
      const [node] = await stack.redis.masters()
      if (node) await stack.redis.stopNode(node, 'SIGKILL')
    },
    async stopService(name: (typeof names)[number]): Promise<void> {
      await services.get(name)?.stop('SIGKILL')
    },
  }
}
