import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Imported into a service (node --import), before it makes any metric: what a scrape shows of a metric that has no series yet lacks
// its labels. It writes them, when the process ends, to the file that the query of its URL names.
interface Registered {
  name: string
  labelNames: string[]
}
interface Registry {
  registerMetric: (metric: Registered) => void
  getSingleMetric: (name: string) => Registered | undefined
  getMetricsAsArray: () => Registered[]
}
const ofService = createRequire(new URL('../../libs/service/package.json', import.meta.url))
const client = ofService('@prometheus-io/client') as { Registry: { prototype: Registry } }

const registries = new Set<Registry>()
const { prototype } = client.Registry
const register = prototype.registerMetric
prototype.registerMetric = function registerAndKeep(this: Registry, metric) {
  registries.add(this)
  return register.call(this, metric)
}

const file = new URL(import.meta.url).searchParams.get('file')
process.once('exit', () => {
  // A plugin keeps what is not to be scraped in a registry of its own.
  const scraped = [...registries].find(
    (registry) => registry.getSingleMetric('http_requests_total') !== undefined,
  )
  const metrics = scraped?.getMetricsAsArray() ?? []
  const labels = Object.fromEntries(metrics.map(({ name, labelNames }) => [name, labelNames]))
  if (file !== null) writeFileSync(file, JSON.stringify(labels))
})
