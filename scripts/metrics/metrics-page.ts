import type { FleetMetric } from './fleet-metrics.ts'
import { labelValues } from './label-values.ts'

const head = `# Metrics

Each service serves \`GET /metrics\` in the text format of Prometheus, on a port of its own: that of the API plus 100. Units are seconds
and bytes; counters end in \`_total\`. \`make metrics-docs\` writes this page from what the running services expose, and a test
compares the two. [charts/comanda/rules](../charts/comanda/rules) has the recording rules and alerts over these metrics,
[charts/dashboards](../charts/dashboards) the dashboards, and [runbooks](runbooks/README.md) says what to do about each alert.

What the log of events brings is counted by the worker, whoever did it: people, timers, rules and payment providers. Orders accepted
are \`orders_moved_total{status="accepted"}\`, orders completed are \`orders_moved_total{status="collected"}\`. Memory and the commands of Redis
itself, the connections of Postgres, and processors, memory and disks of machines come from [exporters](#exporters).

After everybody has called every route, a scrape of \`orders\`, the largest, has 2,700 series: 290 kB, of which 15 kB travel, because
Prometheus asks for gzip. A test bounds it. Durations have the class of a status as their label, not the status, which halves it.

The bounds of histograms are never named by rules, except 0.1, because \`le="1"\` of one version of Prometheus is
\`le="1.0"\` of the next.
`

const exporters = `## Exporters

What alerts and dashboards need beyond the services. Compose and \`make observe\` run all of them but the last three;
[kubernetes.md](kubernetes.md#monitoring) says where a cluster has them from.
`

/** An exporter, and its metrics that rules and dashboards may name. */
export interface Exporter {
  exporter: string
  metrics: string[]
}

/**
 * docs/metrics.md.
 * @throws when nothing says what bounds the values of a label
 */
export function metricsPage(metrics: Iterable<FleetMetric>, list: readonly Exporter[]): string {
  const all = [...metrics]
  const own = all.filter(({ name }) => !isOfNode(name))
  const node = all.filter(({ name }) => isOfNode(name))
  const used = [...new Set(all.flatMap(({ labels }) => labels))].toSorted()
  const unknown = used.filter((label) => !(label in labelValues))
  if (unknown.length > 0)
    throw new Error(`scripts/metrics/label-values.ts does not say what bounds ${unknown.join(', ')}`)
  return [
    head,
    `## Services\n\n${table(own)}`,
    `## Every process\n\nMeasured by the client library of Prometheus in each of the four services.\n\n${table(node)}`,
    `## Labels\n\nNo label holds an id, an address or anything else that grows with use.\n\n${rows(
      ['label', 'values'],
      used.map((label) => [`\`${label}\``, labelValues[label] ?? '']),
    )}`,
    `${exporters}\n${rows(
      ['exporter', 'metrics that rules and dashboards name'],
      list.map(({ exporter, metrics: named }) => [exporter, named.map((name) => `\`${name}\``).join(', ')]),
    )}`,
  ].join('\n')
}

const isOfNode = (name: string) => /^(process|nodejs)_/.test(name)

const table = (metrics: readonly FleetMetric[]) =>
  rows(
    ['name', 'type', 'labels', 'services', 'what it says'],
    metrics.map(({ name, type, labels, services, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(', '),
      services.length === 4 ? 'all' : services.join(', '),
      help.replaceAll('|', '\\|'),
    ]),
  )

const rows = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
