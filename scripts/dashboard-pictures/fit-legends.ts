import type { Series } from '../../charts/test/dashboards/ask-prometheus.ts'
import { widthOf } from './panel-picture.ts'

export const legendFontSize = 10
const lineHeight = 17
const mostLines = 3
const markAndGaps = 24

/** The largest value of a series; 0 when all are below. */
export const peak = ({ points }: Series) => Math.max(0, ...points.map(([, value]) => value))

/** The legends that fit below a panel, those of its largest series, in the order of the series, and the height that they take. */
export function fitLegends(series: readonly Series[], width: number): { legends: string[]; height: number } {
  const widest = Math.max(0, ...series.map(({ legend }) => widthOf(legend, legendFontSize)))
  const perLine = Math.max(1, Math.floor(width / (widest + markAndGaps)))
  const largest = new Set(series.toSorted((a, b) => peak(b) - peak(a)).slice(0, perLine * mostLines))
  const legends = series.filter((one) => largest.has(one)).map(({ legend }) => legend)
  return { legends, height: lineHeight * Math.ceil(legends.length / perLine) }
}
