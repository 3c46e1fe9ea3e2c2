import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

const root = join(import.meta.dirname, '../..')

/**
 * Writes what a Grafana of one's own needs, to be started with `GF_PATHS_PROVISIONING` as the directory: the data source and the
 * dashboards of compose, with the address of a Prometheus and the place of the files on this machine.
 */
export function writeGrafanaProvisioning(directory: string, prometheus: string): void {
  const { datasources, ...sources } = read('datasources.yaml') as { datasources: { url: string }[] }
  const { providers, ...folders } = read('dashboards.yaml') as { providers: { options: { path: string } }[] }
  const path = join(root, 'charts/comanda/dashboards')
  write('datasources', { ...sources, datasources: datasources.map((one) => ({ ...one, url: prometheus })) })
  write('dashboards', { ...folders, providers: providers.map((one) => ({ ...one, options: { path } })) })

  function write(kind: string, content: object): void {
    mkdirSync(join(directory, kind), { recursive: true })
    writeFileSync(join(directory, kind, 'comanda.yaml'), stringify(content))
  }
}

const read = (file: string): unknown => parse(readFileSync(join(root, 'compose/grafana', file), 'utf8'))
