import type { Series, TimeRange } from '../../charts/test/dashboards/ask-prometheus.ts'
import type { Panel } from '../../charts/test/dashboards/read-dashboards.ts'

/** A panel, what was found for it, and how large it is drawn in pixels. */
export interface PanelPicture {
  panel: Panel
  series: readonly Series[]
  range: TimeRange
  width: number
  height: number
}

export const text = '#24292f'
export const faint = '#6e7781'
/** The colours that limits have, by their names in a dashboard. */
export const limitColours: Readonly<Record<string, string>> = {
  green: '#1a7f37',
  yellow: '#bf8700',
  red: '#cf222e',
}

/** The title of a panel as a part of its chart. */
export const titleOf = ({ title }: Panel, fontSize = 12) => ({
  text: title,
  left: 8,
  top: 6,
  textStyle: { fontSize, fontWeight: 'bold' as const, color: text },
})

/** How wide a text is, as no browser is there to measure it: about what common fonts without serifs need. */
export const widthOf = (line: string, fontSize: number) => line.length * fontSize * 0.62
