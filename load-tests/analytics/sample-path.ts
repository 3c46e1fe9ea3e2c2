import { quantile } from '../measuring/quantiles.ts'
import type { StatementCost, StatementCosts } from './statement-costs.ts'

/** A request, which may differ from one time to the next. */
export interface Asked {
  name: string
  request: () => { url: string; init: RequestInit }
}

/** Milliseconds, and what Postgres had to do for one request. */
export interface PathCost extends StatementCost {
  p50: number
  p95: number
}

/** Asks again and again, one request at a time, so that a request waits for nobody else. @throws when one is refused */
export async function samplePath(
  { request, name }: Asked,
  requests: number,
  costs: StatementCosts,
): Promise<PathCost> {
  async function ask(): Promise<number> {
    const { url, init } = request()
    const started = performance.now()
    const response = await fetch(url, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${name} answered ${response.status}: ${text}`)
    return performance.now() - started
  }
  // The first requests also pay for compiling and for prepared statements, so they are not measured.
  for (let count = 0; count < Math.max(5, requests / 5); count += 1) await ask()
  const took: number[] = []
  const cost = await costs.measure(requests, async () => {
    while (took.length < requests) took.push(await ask())
  })
  const ascending = took.toSorted((a, b) => a - b)
  return { ...cost, p50: quantile(ascending, 0.5), p95: quantile(ascending, 0.95) }
}
