/** The smallest value that a share of the values, between 0 and 1, does not exceed. NaN when there are none. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN
}

/** Rounded to tenths. */
export function summarise(values: readonly number[]) {
  const ascending = Float64Array.from(values).toSorted()
  const at = (share: number) => Math.round(quantile(Array.from(ascending), share) * 10) / 10
  return { count: values.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) }
}
