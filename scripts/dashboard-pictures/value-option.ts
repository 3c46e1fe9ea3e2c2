import type { EChartsOption } from 'echarts'
import { formatValue } from './format-value.ts'
import { limitColours, type PanelPicture, text, titleOf } from './panel-picture.ts'

/** The newest value in the colour of its limit, and its course behind it. */
export function valueOption({ panel, series, range, height }: PanelPicture): EChartsOption {
  const { unit = '', thresholds } = panel.fieldConfig?.defaults ?? {}
  const points = series[0]?.points ?? []
  const newest = points.at(-1)?.[1]
  const step = thresholds?.steps.findLast(({ value }) => value === null || (newest ?? 0) >= value)
  const color = limitColours[step?.color ?? 'green'] ?? text
  return {
    animation: false,
    title: [
      titleOf(panel, panel.title.length > 24 ? 9.5 : 11),
      {
        text: newest === undefined ? 'no data' : formatValue(newest, unit),
        left: 'center',
        top: height / 2 - 16,
        textStyle: { fontSize: 26, fontWeight: 'bold', color },
      },
    ],
    grid: { left: 0, right: 0, top: height - 30, bottom: 0 },
    xAxis: { type: 'time', show: false, min: range.start * 1000, max: range.end * 1000 },
    yAxis: { type: 'value', show: false, min: 0 },
    series: [
      {
        type: 'line',
        showSymbol: false,
        data: points.map(([at, value]) => [at * 1000, value]),
        lineStyle: { width: 1, color },
        areaStyle: { opacity: 0.15, color },
      },
    ],
  }
}
