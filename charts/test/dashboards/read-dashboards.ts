import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../chart.ts'

export interface Target {
  refId: string
  expr: string
  legendFormat: string
  datasource: { type: string; uid: string }
}
/** How the values of a panel are shown. */
export interface Field {
  unit?: string
  min?: number
  max?: number
  thresholds?: { steps: { value: number | null; color: string }[] }
  custom?: { stacking?: { mode: string }; thresholdsStyle?: { mode: string } }
}
export interface Panel {
  id: number
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: Target[]
  fieldConfig?: { defaults: Field }
}
export interface Variable {
  name: string
  type: string
  /** What a variable of type `query` asks, as `label_values(metric, label)`. */
  query: string
}
export interface Dashboard {
  uid: string
  title: string
  panels: Panel[]
  templating: { list: Variable[] }
}

export const dashboardFiles = globSync(join(root, 'charts/comanda/dashboards/*.json')).toSorted()

/** The committed dashboards by the name of their file. */
export const dashboards: ReadonlyMap<string, Dashboard> = new Map(
  dashboardFiles.map((file) => [
    basename(file, '.json'),
    JSON.parse(readFileSync(file, 'utf8')) as Dashboard,
  ]),
)

/** The panels that show something; rows are panels too. */
export const panelsOf = ({ panels }: Dashboard) => panels.filter(({ type }) => type !== 'row')

/** @returns metric with its matchers, and label, of `label_values(metric, label)` @throws when it is anything else */
export function parseLabelValues(query: string): { series: string; label: string } {
  const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? []
  if (series === undefined || label === undefined)
    throw new Error(`${query} is no label_values(metric, label)`)
  return { series, label }
}

/**
 * The query as Grafana sends it, with the values of its variables.
 * @throws when it names a variable that has none
 */
export function fillVariables(query: string, values: Readonly<Record<string, string>>): string {
  return query.replaceAll(/\$\{?(\w+)\}?/g, (_variable, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${query} names the variable ${name}, which has no value`)
    return value
  })
}

/** The legend of a series, as Grafana writes it. */
export const legendOf = (format: string, labels: Readonly<Record<string, string>>) =>
  format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_whole, label: string) => labels[label] ?? '').trim()
