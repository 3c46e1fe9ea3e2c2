/** A metric in a query, and the labels by which the query chooses or groups its series. */
export interface QueriedMetric {
  name: string
  /** Labels of its matchers. */
  matched: string[]
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'start', 'end', 'inf', 'nan'])
const grouping = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g
const selector = /([a-zA-Z_:][\w:]*)\s*(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?/g

/**
 * The metrics that a query of PromQL names. There is no parser of it for Node, and promtool prints no tree: this takes the query for
 * words, of which functions are followed by a parenthesis, and durations and groupings are no metrics.
 */
export function metricsOfQuery(query: string): QueriedMetric[] {
  const text = query
    .replaceAll(/#.*$/gm, '')
    .replaceAll(grouping, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\boffset\s+\w+/g, ' ')
  const found: QueriedMetric[] = []
  for (const match of text.matchAll(selector)) {
    const [whole, name = '', matchers = ''] = match
    const after = text.slice(match.index + whole.length)
    const before = text[match.index - 1] ?? ' '
    if (/^\s*\(/.test(after) || /[\w.]/.test(before) || words.has(name.toLowerCase())) continue
    if (isInString(text, match.index)) continue
    const matched = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label)
    found.push({ name, matched })
  }
  return found
}

/** Whether an odd number of quotes comes before. */
const isInString = (text: string, index: number) =>
  (text.slice(0, index).match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1
