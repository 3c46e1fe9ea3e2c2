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

export type StatementListener = (statement: Statement) => void

interface Kind {
  queryType: string
  table: string
}

/** Statement texts are few, because values are parameters; a bound keeps generated ones from filling the memory. */
const maximumKinds = 2000
const kinds = new Map<string, Kind>()

const target = /\b(?:from|into|update|join)\s+(?:only\s+)?"?([a-z_][a-z0-9_]*)"?/i

/** The labels of a statement text, worked out once per text. */
export function kindOfStatement(text: string): Kind {
  const known = kinds.get(text)
  if (known) return known
  const queryType = (/^\s*(\w+)/.exec(text)?.[1] ?? 'unknown').toLowerCase()
  const kind = { queryType, table: target.exec(text)?.[1]?.toLowerCase() ?? 'none' }
  if (kinds.size < maximumKinds) kinds.set(text, kind)
  return kind
}
