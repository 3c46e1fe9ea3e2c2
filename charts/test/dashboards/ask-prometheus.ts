import { fillVariables, legendOf, type Target } from './read-dashboards.ts'

export interface Series {
  legend: string
  /** Seconds since 1970, and the value; what is no number is left out. */
  points: [at: number, value: number][]
}

interface Matrix {
  result: { metric: Record<string, string>; values: [number, string][] }[]
}

/** The time that a panel shows, in seconds since 1970, and the distance of two points. */
export interface TimeRange {
  start: number
  end: number
  step: number
}

/**
 * Asks for a query of a panel as Grafana does.
 * @param values the values of the dashboard's variables
 * @throws with what Prometheus says when it does not take the query
 */
export async function askForTarget(
  prometheus: string,
  { expr, legendFormat }: Target,
  { start, end, step }: TimeRange,
  values: Readonly<Record<string, string>>,
): Promise<Series[]> {
  // At least four scrapes, of three seconds each, as Grafana makes it.
  const query = fillVariables(expr, { ...values, __rate_interval: `${Math.max(12, step + 3)}s` })
  const response = await fetch(`${prometheus}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${step}` }),
  })
  const answer = (await response.json()) as { status: string; error?: string; data: Matrix }
  if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`)
  return answer.data.result.map(({ metric, values: points }) => ({
    legend: legendOf(legendFormat, metric),
    points: points
      .map(([at, value]): [number, number] => [at, Number(value)])
      .filter(([, value]) => Number.isFinite(value)),
  }))
}

/** The values that Grafana would offer for `label_values(series, label)`. */
export async function askForLabelValues(
  prometheus: string,
  { series, label }: { series: string; label: string },
): Promise<string[]> {
  const parameters = new URLSearchParams({ 'match[]': series })
  const response = await fetch(`${prometheus}/api/v1/label/${label}/values?${parameters.toString()}`)
  return ((await response.json()) as { data: string[] }).data
}
