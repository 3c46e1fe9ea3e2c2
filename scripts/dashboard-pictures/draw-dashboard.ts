import type { Findings } from '../../charts/test/dashboards/findings.ts'
import type { Dashboard } from '../../charts/test/dashboards/read-dashboards.ts'
import { drawPanel } from './draw-panel.ts'

/** Pixels of one of the 24 columns of a dashboard, and of a unit of height. */
const column = 50
const unit = 27
const gap = 6
const heading = 40
const columns = 24
const font = 'font-family="sans-serif"'

/** A dashboard as one SVG, with what was found for its panels. @throws when a panel was not asked for */
export function drawDashboard({ title, panels }: Dashboard, { range, shown }: Findings): string {
  const width = columns * column + gap
  const height = heading + unit * Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) + gap
  const parts = panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos
    const [left, top] = [x * column + gap, heading + y * unit]
    if (panel.type === 'row')
      return `<text x="${left + 2}" y="${top + unit - 9}" ${font} font-size="13" fill="#57606a">${escape(panel.title)}</text>`
    const found = shown.find((one) => one.panel === panel.title)
    if (found === undefined)
      throw new Error(
        `${title} has a panel "${panel.title}" that was not asked for: run \`make test-dashboards\``,
      )
    const size = { width: w * column - gap, height: h * unit - gap }
    const card = `<rect x="${left}" y="${top}" width="${size.width}" height="${size.height}" rx="4" fill="#fff" stroke="#d8dee4"/>`
    const chart = drawPanel({ panel, series: found.series, range, ...size })
    return card + chart.replace('<svg ', `<svg x="${left}" y="${top}" `)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" fill="#f6f8fa"/>
<text x="${gap + 2}" y="27" ${font} font-size="18" font-weight="bold" fill="#24292f">${escape(title)}</text>
${parts.join('\n')}
</svg>
`
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
