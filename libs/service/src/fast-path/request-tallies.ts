import type { Histogram } from '@prometheus-io/client'
import {
  type DurationLabels,
  durationBuckets,
  durationLabels,
  type RequestLabels,
  requestCounter,
  requestDuration,
} from '../metrics/http-metrics.plugin.ts'
import { atScrape, type Metrics } from '../metrics/metrics.ts'

/** Measures requests with the same labels. `seconds`: from the head of a request to the end of its response. */
export type RequestTally = (seconds: number) => void

/** What was observed of one series and is not in its histogram yet. */
interface Observed {
  count: number
  seconds: number
  /** How many fell into each of `durationBuckets`, the upper bounds; those above all of them are in none. */
  buckets: number[]
}
const nothing = (): Observed => ({ count: 0, seconds: 0, buckets: durationBuckets.map(() => 0) })

/**
 * Measures what no hook sees. It is kept here until the next scrape: the client finds the series by its labels each time, which was
 * two of the forty microseconds of an answer.
 */
export function requestTallies(metrics: Metrics): (labels: RequestLabels) => RequestTally {
  const requests = requestCounter(metrics)
  const duration = requestDuration(metrics)
  const seen = new Map<string, { labels: RequestLabels; counted: number; observed: Observed }>()
  atScrape(requests, () => {
    for (const one of seen.values()) {
      requests.inc(one.labels, one.counted)
      one.counted = 0
    }
  })
  atScrape(duration, () => {
    for (const one of seen.values()) {
      if (one.observed.count > 0) addTo(duration, durationLabels(one.labels), one.observed)
      one.observed = nothing()
    }
  })

  return (labels) => {
    const key = Object.values(labels).join(' ')
    const one = seen.get(key) ?? { labels, counted: 0, observed: nothing() }
    seen.set(key, one)
    return (seconds) => {
      one.counted++
      const { observed } = one
      observed.count++
      observed.seconds += seconds
      const bucket = durationBuckets.findIndex((bound) => seconds <= bound)
      if (bucket !== -1) observed.buckets[bucket] = (observed.buckets[bucket] as number) + 1
    }
  }
}

/** The client's own record of a series. It has no public way to add more than one observation. */
interface Series {
  count: number
  sum: number
  bucketValues: Record<number, number>
}
interface Store {
  store: { entry: (labels: DurationLabels) => Series | undefined }
}

function addTo(histogram: Histogram<keyof DurationLabels>, labels: DurationLabels, observed: Observed): void {
  const { store } = histogram as unknown as Store
  if (store.entry(labels) === undefined) histogram.zero(labels)
  const series = store.entry(labels) as Series
  series.count += observed.count
  series.sum += observed.seconds
  for (const [index, bound] of durationBuckets.entries())
    series.bucketValues[bound] = (series.bucketValues[bound] as number) + (observed.buckets[index] as number)
}
