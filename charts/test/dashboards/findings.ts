import { join } from 'node:path'
import { root } from '../chart.ts'
import type { Series, TimeRange } from './ask-prometheus.ts'

/** What Prometheus answered for each panel of a dashboard, in the order of the panels. */
export interface Findings {
  range: TimeRange
  shown: { panel: string; series: Series[] }[]
}

/** Where `make test-dashboards` keeps the findings of a dashboard, by the name of its file; pictures are drawn from them. */
export const findingsFile = (name: string) => join(root, '.comanda/dashboards', `${name}.json`)
