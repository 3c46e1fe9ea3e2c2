import { init, setPlatformAPI } from 'echarts'
import { linesOption } from './lines-option.ts'
import { type PanelPicture, widthOf } from './panel-picture.ts'
import { valueOption } from './value-option.ts'

setPlatformAPI({
  measureText: (line, font) => ({ width: widthOf(line, Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12)) }),
})

/** Draws a panel as an SVG of its own. */
export function drawPanel(picture: PanelPicture): string {
  const { width, height, panel } = picture
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(panel.type === 'stat' ? valueOption(picture) : linesOption(picture))
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
