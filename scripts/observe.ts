import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { fleetStatus } from '../libs/local-stack/src/fleet/fleet.ts'
import { postgresUrl, superuser } from '../libs/local-stack/src/postgres/credentials.ts'
import { readDescription, redisAddresses } from '../libs/local-stack/src/stack-description.ts'
import { stackDirectory } from '../libs/local-stack/src/stack-layout.ts'
import { devStack } from '../libs/local-stack/src/stack-options.ts'
import { writeGrafanaProvisioning } from './observe/grafana-provisioning.ts'
import { receiveNotices } from './observe/receive-notices.ts'
import { type ObservedFleet, startObservers } from './observe/start-observers.ts'

loadDotEnv()
const { env } = process

/** The fleet of `make up`, those of its services included that have ended. @throws one sentence when none runs */
async function findFleet(): Promise<ObservedFleet> {
  const description = readDescription(stackDirectory(devStack(env)))
  const fleet = await fleetStatus(env)
  if (!description?.postgres || fleet.every(({ pid }) => pid === null))
    throw new Error('There is nothing to observe: run `make up` first.')
  const { ports, primaryIndex } = description.postgres
  return {
    services: Object.fromEntries(
      fleet.map(({ service: { name, port } }) => [
        name,
        { api: `127.0.0.1:${port}`, metrics: `127.0.0.1:${port + 100}` },
      ]),
    ),
    postgresUrl: postgresUrl(ports[primaryIndex] ?? 0, 'comanda', superuser),
    redisNodes: redisAddresses(description).split(','),
  }
}

try {
  const fleet = await findFleet()
  const directory = join(import.meta.dirname, '../.comanda/observe')
  mkdirSync(directory, { recursive: true })
  const notices = await receiveNotices(({ receiver, way, alerts }) => {
    for (const { status, labels, annotations } of alerts)
      console.log(`  ${receiver} (${way}): ${status} ${labels['alertname']}: ${annotations['summary']}`)
  })
  const { prometheus, alertmanager, stop } = await startObservers(fleet, {
    directory,
    webhook: notices.url,
    prometheusPort: Number(env.PROMETHEUS_PORT || 9490),
    alertmanagerPort: Number(env.ALERTMANAGER_PORT || 9493),
  })
  const grafana = join(directory, 'grafana')
  writeGrafanaProvisioning(grafana, prometheus)
  console.log(`
  prometheus    ${prometheus}
  alerts        ${prometheus}/alerts
  alertmanager  ${alertmanager}
  dashboards    start a Grafana of yours with GF_PATHS_PROVISIONING=${grafana}

  What chat, mail and pager would be told is printed here. Ctrl-C ends it; the fleet runs on.
`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)))
} catch (error) {
  console.error(`comanda: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
