import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cloneTestDatabase,
  startServiceUnderTest,
  testRedisNodes,
} from '../../libs/local-stack/src/testing.ts'
import { type ExposedMetric, readExposition } from './read-exposition.ts'

const root = join(import.meta.dirname, '../..')
export const measuredServices = ['analytics', 'orders', 'realtime', 'worker'] as const
export type MeasuredService = (typeof measuredServices)[number]

export interface FleetMetric extends ExposedMetric {
  labels: string[]
  services: MeasuredService[]
}

/** The metrics that the four services expose while they run, on the test stack, by name. */
export async function readFleetMetrics(): Promise<Map<string, FleetMetric>> {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-metrics-'))
  const database = await cloneTestDatabase()
  try {
    const all = new Map<string, FleetMetric>()
    for (const service of measuredServices) {
      for (const metric of await readService(service, database, join(directory, service))) {
        const known = all.get(metric.name)
        if (known) known.services.push(service)
        else all.set(metric.name, { ...metric, services: [service] })
      }
    }
    return new Map([...all].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  } finally {
    await database.drop()
    await rm(directory, { recursive: true })
  }
}

async function readService(
  service: MeasuredService,
  database: { url: string; replicaUrl: string },
  labelsFile: string,
): Promise<(ExposedMetric & { labels: string[] })[]> {
  const preload = new URL('record-definitions.ts', import.meta.url)
  preload.searchParams.set('file', labelsFile)
  const running = await startServiceUnderTest(join(root, 'services', service, 'src/server.ts'), {
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${preload.href}`,
    LOG_LEVEL: 'info',
    DATABASE_URL: database.url,
    DATABASE_REPLICA_URLS: `catalogue=${database.replicaUrl},analytics=${database.replicaUrl}`,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
  })
  try {
    const text = await (await fetch(`${running.metricsUrl}/metrics`)).text()
    await running.stop('SIGTERM')
    const labels = JSON.parse(await readFile(labelsFile, 'utf8')) as Record<string, string[]>
    return [...readExposition(text).values()].map((metric) => {
      return { ...metric, labels: labels[metric.name] ?? [] }
    })
  } finally {
    await running.stop('SIGKILL')
  }
}
