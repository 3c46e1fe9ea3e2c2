import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePorts } from '../../libs/local-stack/src/testing.ts'
import { alertmanagerForWebhook } from './alertmanager-config.ts'
import { composeAddresses, type FleetAddresses } from './compose-addresses.ts'
import { findPrograms, type ObserverName } from './find-programs.ts'
import { localPrometheusConfig, type ScrapeConfig } from './prometheus-config.ts'
import { type RunningProgram, runProgram } from './run-program.ts'

const root = join(import.meta.dirname, '../..')

/** What is observed. */
export interface ObservedFleet extends FleetAddresses {
  /** The superuser's URL of the database. */
  postgresUrl: string
}

export interface ObserverOptions {
  /** Where configuration and data are kept. */
  directory: string
  /** Alertmanager tells it what it would tell chat, mail and pager. */
  webhook: string
  prometheusPort?: number
  alertmanagerPort?: number
  /** Ask and evaluate so often, and tell at once; otherwise as the files of compose say. */
  everySeconds?: number
  /** What Prometheus asks besides the fleet and its exporters. */
  moreJobs?: readonly ScrapeConfig[]
}

export interface Observers {
  prometheus: string
  alertmanager: string
  stop: () => Promise<void>
}

/**
 * Starts exporters, Alertmanager and Prometheus beside a fleet, with the rules of the chart and the files of compose.
 * @throws one sentence when a program is missing; otherwise what the program said
 */
export async function startObservers(fleet: ObservedFleet, options: ObserverOptions): Promise<Observers> {
  const programs = await findPrograms()
  const { directory, everySeconds, moreJobs = [] } = options
  const free = await findFreePorts(6)
  const ports: Record<ObserverName, number> = {
    node: free,
    postgres: free + 1,
    redis: free + 2,
    blackbox: free + 3,
    prometheus: options.prometheusPort ?? free + 4,
    alertmanager: options.alertmanagerPort ?? free + 5,
  }
  const at = (name: ObserverName) => `127.0.0.1:${ports[name]}`
  const read = (file: string) => readFile(join(root, 'compose', file), 'utf8')
  const write = async (name: string, text: string) => {
    const file = join(directory, name)
    await writeFile(file, text)
    return file
  }
  const running: RunningProgram[] = []
  const run = async (
    name: ObserverName,
    path: string,
    args: string[] = [],
    env: Record<string, string> = {},
  ) => {
    const listen = `--web.listen-address=${at(name)}`
    const answers = `http://${at(name)}${path}`
    running.push(await runProgram(programs[name], [listen, ...args], { answers, directory, env }))
  }
  const stop = async () => void (await Promise.all(running.map((program) => program.stop())))

  const modules = await write('blackbox.yaml', 'modules: { http_2xx: { prober: http } }\n')
  const alerts = await write(
    'alertmanager.yaml',
    alertmanagerForWebhook(await read('alertmanager.yaml'), options.webhook, {
      quick: everySeconds !== undefined,
    }),
  )
  const metrics = await write(
    'prometheus.yaml',
    localPrometheusConfig(await read('prometheus.yaml'), {
      addresses: composeAddresses(fleet, at),
      rules: join(root, 'charts/comanda/rules/*.yaml'),
      moreJobs,
      ...(everySeconds !== undefined && { everySeconds }),
    }),
  )
  try {
    await Promise.all([
      run('node', '/'),
      run('postgres', '/', [], { DATA_SOURCE_NAME: `${fleet.postgresUrl}?sslmode=disable` }),
      run('redis', '/', ['--redis.addr=']),
      run('blackbox', '/', [`--config.file=${modules}`]),
      run('alertmanager', '/-/ready', [
        `--config.file=${alerts}`,
        `--storage.path=${join(directory, 'alertmanager')}`,
        '--cluster.listen-address=',
      ]),
    ])
    await run('prometheus', '/-/ready', [
      `--config.file=${metrics}`,
      `--storage.tsdb.path=${join(directory, 'prometheus')}`,
    ])
  } catch (error) {
    await stop()
    throw error
  }
  return { prometheus: `http://${at('prometheus')}`, alertmanager: `http://${at('alertmanager')}`, stop }
}
