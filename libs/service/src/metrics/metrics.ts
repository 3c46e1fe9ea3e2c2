import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'

type Labels<L extends string> = { name: string; help: string; labels?: readonly L[] }

/**
 * The metrics of one process. Asking twice for a name gives the same metric, so that a feature need not know who was
 * first. Units are seconds and bytes; counters end in `_total`.
 */
export interface Metrics {
  registry: Registry
  /** `collect` gives the total at each scrape, for what is counted more often than a metric is cheap. */
  counter<L extends string = never>(options: Labels<L> & { collect?: () => number }): Counter<L>
  /** `collect` runs at each scrape, to set the gauge from something that is known anyway. */
  gauge<L extends string = never>(
    options: Labels<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>
  /** `buckets`: upper bounds in ascending order, in the unit of the metric. */
  histogram<L extends string = never>(options: Labels<L> & { buckets: readonly number[] }): Histogram<L>
}

/** An empty registry of its own: tests build many services in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]

  function once<M>(name: string, create: () => M): M {
    return (registry.getSingleMetric(name) as M | undefined) ?? create()
  }

  return {
    registry,
    counter: ({ name, help, labels = [], collect }) =>
      once(name, () => {
        const counter = new Counter({ name, help, labelNames: [...labels], registers })
        if (collect)
          atScrape(counter, () => {
            counter.reset()
            counter.inc(collect())
          })
        return counter
      }),
    gauge: ({ name, help, labels = [], collect }) =>
      once(name, () => {
        const gauge = new Gauge({ name, help, labelNames: [...labels], registers })
        if (collect) atScrape(gauge, () => collect(gauge))
        return gauge
      }),
    histogram: ({ name, help, labels = [], buckets }) =>
      once(
        name,
        () => new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
      ),
  }
}

/** The client calls `collect` before it reads a metric; its types only say so of gauges. */
export function atScrape(
  metric: Counter | Gauge | Histogram<string>,
  collect: () => void | Promise<void>,
): void {
  Object.assign(metric, { collect })
}
