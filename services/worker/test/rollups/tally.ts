/** Sums by key and name; a key is what a row of a rollup is about. */
export class Tally {
  readonly #rows = new Map<string, Map<string, number>>()

  add(key: readonly (string | number)[], sums: Record<string, number>): void {
    const name = key.join(' ')
    const row = this.#rows.get(name) ?? new Map<string, number>()
    this.#rows.set(name, row)
    for (const [column, value] of Object.entries(sums)) row.set(column, (row.get(column) ?? 0) + value)
  }

  /** The sums that are not 0. */
  sums(): Record<string, Record<string, number>> {
    const rows = [...this.#rows].map(([key, row]) => [
      key,
      Object.fromEntries([...row].filter(([, value]) => value !== 0).toSorted()),
    ])
    return Object.fromEntries(rows.filter(([, row]) => Object.keys(row as object).length > 0).toSorted())
  }
}
