import type { EChartsOption, LineSeriesOption } from 'echarts'
import type { Series, TimeRange } from '../../charts/test/dashboards/ask-prometheus.ts'
import type { Field } from '../../charts/test/dashboards/read-dashboards.ts'
import { fitLegends, legendFontSize, peak } from './fit-legends.ts'
import { formatValue, isBinary } from './format-value.ts'
import { faint, limitColours, type PanelPicture, text, titleOf } from './panel-picture.ts'

const palette = [
  '#1f78b4',
  '#33a02c',
  '#ff7f00',
  '#6a3d9a',
  '#e31a1c',
  '#17becf',
  '#b15928',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
]

/** Series over time with their legends below, and dashed where limits are. */
export function linesOption({ panel, series, range, width }: PanelPicture): EChartsOption {
  const field: Field = panel.fieldConfig?.defaults ?? {}
  const { legends, height } = fitLegends(series, width - 16)
  const isStacked = field.custom?.stacking?.mode === 'normal'
  const drawn = series.map((one): LineSeriesOption => {
    const opacity = isStacked ? 0.4 : 0.06
    return {
      type: 'line',
      name: one.legend,
      showSymbol: false,
      ...(isStacked && { stack: 'all' }),
      // Many lines would be grey below.
      ...((isStacked || series.length <= 3) && { areaStyle: { opacity } }),
      lineStyle: { width: 1.4 },
      data: pointsOf(one, range, isStacked),
    }
  })
  const [first] = drawn
  if (first) first.markLine = limitLines(field, Math.max(field.max ?? 0, ...series.map(peak)))
  const more = {
    text: series.length > legends.length ? `and ${series.length - legends.length} more` : '',
    right: 8,
    top: 8,
    textStyle: { fontSize: 10, fontWeight: 'normal' as const, color: faint },
  }
  return {
    animation: false,
    color: palette,
    title: [titleOf(panel), more],
    grid: {
      left: 10,
      right: 28,
      top: 34,
      bottom: 12 + height,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      data: legends,
      left: 8,
      bottom: 4,
      width: width - 16,
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 3,
      itemGap: 8,
      textStyle: { fontSize: legendFontSize, color: text },
    },
    xAxis: {
      type: 'time',
      min: range.start * 1000,
      max: range.end * 1000,
      axisLabel: { fontSize: 10, color: faint, formatter: '{HH}:{mm}:{ss}', hideOverlap: true },
      axisLine: { lineStyle: { color: '#d0d7de' } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      ...boundsOf(field, series),
      splitNumber: 3,
      axisLabel: {
        fontSize: 10,
        color: faint,
        formatter: (value: number) => formatValue(value, field.unit ?? ''),
      },
      splitLine: { lineStyle: { color: '#eaeef2' } },
    },
    series: drawn,
  }
}

/** The points at equal distances. Where there is none a line has a gap, and a part of a whole is nothing. */
function pointsOf({ points }: Series, { start, end, step }: TimeRange, isStacked: boolean) {
  const values = new Map(points.map(([at, value]) => [Math.round(at * 1000), value]))
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => {
    const at = Math.round((start + index * step) * 1000)
    return [at, values.get(at) ?? (isStacked ? 0 : null)]
  })
}

/** Limits above all values would only make the axis longer. */
function limitLines({ thresholds, custom }: Field, top: number): NonNullable<LineSeriesOption['markLine']> {
  const steps = custom?.thresholdsStyle ? (thresholds?.steps ?? []) : []
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    data: steps.flatMap(({ value, color }) =>
      value === null || value > top
        ? []
        : [{ yAxis: value, lineStyle: { color: limitColours[color] ?? color, type: 'dashed' as const } }],
    ),
  }
}

/** The ends of the axis; that of bytes is divided by powers of two. */
function boundsOf({ unit = '', min, max }: Field, series: readonly Series[]) {
  if (max !== undefined) return { min: min ?? 0, max, interval: max / 2 }
  const values = series.flatMap(({ points }) => points.map(([, value]) => value))
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  if (!isBinary(unit) || most === least) return min === undefined ? {} : { min }
  const interval = 2 ** Math.ceil(Math.log2((most - least) / 4))
  return {
    min: Math.floor(least / interval) * interval,
    max: Math.ceil(most / interval) * interval,
    interval,
  }
}
