import { quantile } from '../../measuring/quantiles.ts'
import type { K6Data } from '../summary.ts'

type Kind = 'counter' | 'rate' | 'trend'
type Tags = Record<string, string>

interface Metric {
  kind: Kind
  samples: { value: number; tags: Tags }[]
}

/** The metrics of a run, as k6 keeps them. */
export interface Metrics {
  define: (name: string, kind: Kind) => void
  /** @throws when nothing of that name was defined */
  add: (name: string, value: number, tags?: Tags) => void
  has: (name: string) => boolean
  /** What k6 gives to handleSummary. @param named metrics that thresholds name, as `http_reqs` or `http_reqs{operation:getMenu}` */
  summarise: (seconds: number, named: readonly string[]) => K6Data
}

export function createMetrics(): Metrics {
  const metrics = new Map<string, Metric>()
  const define = (name: string, kind: Kind) => void metrics.set(name, { kind, samples: [] })
  define('http_reqs', 'counter')
  define('http_req_duration', 'trend')
  define('http_req_failed', 'rate')
  define('iterations', 'counter')
  define('dropped_iterations', 'counter')

  return {
    define,
    has: (name) => metrics.has(name),
    add(name, value, tags = {}) {
      const metric = metrics.get(name)
      if (metric === undefined) throw new Error(`no metric is called ${name}`)
      metric.samples.push({ value, tags })
    },
    summarise(seconds, named) {
      const entries = [...new Set([...metrics.keys(), ...named])].flatMap((name) => {
        const [, base = '', tag, wanted] = /^(\w+)(?:\{(\w+):(\w+)\})?$/.exec(name) ?? []
        const metric = metrics.get(base)
        if (metric === undefined) throw new Error(`a threshold names ${name}, which is no metric`)
        const samples = metric.samples.filter(({ tags }) => tag === undefined || tags[tag] === wanted)
        const values = valuesOf(
          metric.kind,
          samples.map(({ value }) => value),
          seconds,
        )
        // k6 leaves out what was never added to, unless a threshold names it.
        return samples.length > 0 || named.includes(name) ? [[name, { values }]] : []
      })
      return {
        state: { testRunDurationMs: seconds * 1000 },
        metrics: Object.fromEntries(entries) as K6Data['metrics'],
      }
    },
  }
}

function valuesOf(kind: Kind, values: readonly number[], seconds: number): Record<string, number> {
  if (kind === 'counter') {
    const count = values.reduce((sum, value) => sum + value, 0)
    return { count, rate: count / seconds }
  }
  if (kind === 'rate') {
    const passes = values.filter((value) => value !== 0).length
    return { passes, fails: values.length - passes, rate: values.length === 0 ? 0 : passes / values.length }
  }
  const ascending = values.toSorted((one, other) => one - other)
  const at = (share: number) => (ascending.length === 0 ? 0 : quantile(ascending, share))
  return { count: values.length, med: at(0.5), 'p(95)': at(0.95), 'p(99)': at(0.99), max: at(1) }
}
