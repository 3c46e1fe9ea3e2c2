import { type Summary, succeeded, type Verdict } from './summary.ts'
import { describeRun, durationRows, type Rows, verdictRows } from './text.ts'

/** The summary as one page that needs no network. */
export function asHtml(summary: Summary, verdicts: readonly Verdict[]): string {
  const { scenario, at, problems } = summary
  const kept = succeeded(verdicts)
  const wrong = problems.map((problem) => `<li>${escape(problem)}</li>`).join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(scenario)}: ${kept ? 'kept' : 'missed'}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0 2rem; font-variant-numeric: tabular-nums }
  th, td { padding: .25rem .75rem; border-bottom: 1px solid #ddd; text-align: right }
  th:first-child, td:first-child { text-align: left }
  .missed { color: #a00; font-weight: bold }
</style>
<h1>${escape(scenario)}</h1>
<p>${escape(at)}</p>
<p>${escape(describeRun(summary))}</p>
<h2>Objectives: <span class="${kept ? 'kept' : 'missed'}">${kept ? 'all kept' : 'not all kept'}</span></h2>
${table(verdictRows(verdicts))}
<h2>Durations</h2>
${table(durationRows(summary))}
${wrong === '' ? '' : `<h2>What went wrong</h2>\n<ul>\n${wrong}\n</ul>`}
</html>
`
}

function table([head = [], ...rows]: Rows): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}${cell === 'MISSED' ? ' class="missed"' : ''}>${escape(cell)}</${tag}>`).join('')}</tr>`
  return `<table>\n${row(head, 'th')}\n${rows.map((cells) => row(cells, 'td')).join('\n')}\n</table>`
}

const escape = (text: string) => text.split('&').join('&amp;').split('<').join('&lt;')
