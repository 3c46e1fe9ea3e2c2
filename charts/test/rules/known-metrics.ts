import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exporters } from '../../../scripts/metrics/exporters.ts'
import { metricsOfQuery } from './metrics-of-query.ts'
import { recorded } from './read-rules.ts'

/** What Prometheus itself gives every series, here and in a cluster. */
const targetLabels = new Set(['namespace', 'job', 'instance', 'container', 'pod', 'le'])

/** The labels of each metric of the services, as docs/metrics.md has them, which a test compares with the running services. */
function readPage(): Map<string, string[]> {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')
  const rows = page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram|summary) \| ([^|]*) \|/gm)
  const metrics = new Map<string, string[]>()
  for (const [, name = '', type, cell = ''] of rows) {
    const labels = [...cell.matchAll(/`(\w+)`/g)].map(([, label = '']) => label)
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    for (const suffix of suffixes) metrics.set(name + suffix, labels)
  }
  return metrics
}

const own = readPage()
const others = new Set([...recorded, ...exporters.flatMap(({ metrics }) => metrics)])

/** What a query names that neither the services nor exporters nor recording rules have, a line each. */
export function unknownIn(query: string): string[] {
  return metricsOfQuery(query).flatMap(({ name, matched }) => {
    if (others.has(name)) return []
    const labels = own.get(name)
    if (labels === undefined) return [name]
    return matched
      .filter((label) => !labels.includes(label) && !targetLabels.has(label))
      .map((label) => `${name}{${label}}`)
  })
}
