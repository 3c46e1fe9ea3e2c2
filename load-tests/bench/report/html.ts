import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chartsOf } from './charts.ts'
import type { Report } from './report.ts'

const chartLibrary = join(dirname(createRequire(import.meta.url).resolve('chart.js')), 'chart.umd.min.js')

/** The report as one file that needs no network: charts by chart.js, and the same tables as text. */
export async function renderHtml(report: Report, markdown: string): Promise<string> {
  const library = await readFile(chartLibrary, 'utf8')
  const charts = chartsOf(report)
  const frames = charts.map(
    ({ title, heightPixels }) =>
      `<h2>${escape(title)}</h2>\n<div style="height: ${heightPixels}px"><canvas></canvas></div>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>comanda: make bench</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  h2 { margin-top: 2.5rem }
  div { position: relative }
  pre { overflow-x: auto; background: #f6f6f6; padding: 1rem; font-size: 12px }
</style>
<h1>make bench</h1>
${frames.join('\n')}
<pre>${escape(markdown)}</pre>
<script type="application/json" id="report">${embed(report)}</script>
<script>${library.replaceAll('</script', String.raw`<\/script`)}</script>
<script>
  const charts = ${embed(charts.map(({ config }) => config))}
  document.querySelectorAll('canvas').forEach((canvas, index) => new Chart(canvas, charts[index]))
</script>
</html>
`
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
/** JSON in HTML may not hold what ends a script. */
const embed = (value: unknown) => JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
