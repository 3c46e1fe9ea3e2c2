/** One statement that was sent to Postgres, for metrics, slow logs and tests that count round trips. */
export interface Statement {
  text: string
  /** The first keyword: `select`, `insert`, `update`, `delete`, `begin`, … */
  queryType: string
  /** The first table or function it names; `none` when there is none. */
  table: string
  seconds: number
  failed: boolean
}

/** Called when a statement has ended, in the async context of whoever sent it. */
export type StatementListener = (statement: Statement) => void

interface StatementLabels {
  queryType: string
  table: string
}

/** Statement texts are few, because values are parameters; a bound keeps generated ones from filling the memory. */
const maximumTexts = 2000
const labelsByText = new Map<string, StatementLabels>()

const target = /\b(?:from|into|update|join)\s+(?:only\s+)?"?([a-z_][a-z0-9_]*)"?/i

/** The metric labels of a statement text, parsed once per text. */
export function statementLabels(text: string): StatementLabels {
  const known = labelsByText.get(text)
  if (known) return known
  const queryType = (/^\s*(\w+)/.exec(text)?.[1] ?? 'unknown').toLowerCase()
  const labels = { queryType, table: target.exec(text)?.[1]?.toLowerCase() ?? 'none' }
  if (labelsByText.size < maximumTexts) labelsByText.set(text, labels)
  return labels
}
