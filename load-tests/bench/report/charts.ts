import type { ChartConfiguration } from 'chart.js'
import type { Measured, Report } from './report.ts'

export interface Chart {
  title: string
  heightPixels: number
  config: ChartConfiguration<'bar', (number | null)[], string>
}

interface Bars {
  label: string
  backgroundColor: string
  data: (number | null)[]
}

const colours = {
  blue: '#2563eb',
  grey: '#d4d4d8',
  green: '#86efac',
  amber: '#fbbf24',
  red: '#ef4444',
  violet: '#7c3aed',
}
const rowPixels = 26

export function chartsOf({ goals, measured }: Report): Chart[] {
  const ratios = goals.filter(({ unit, measured }) => measured && (unit === 'ratio' || unit === 'share'))
  const names = measured.map(({ name }) => name)
  type Field = Exclude<keyof Measured, 'name' | 'runs'>
  const bars = (label: string, backgroundColor: string, field: Field): Bars => ({
    label,
    backgroundColor,
    data: measured.map((one) => one[field]?.median ?? null),
  })
  return [
    chart(
      'Goals: beside the ceiling of the same run',
      ratios.map(({ title }) => title),
      [
        {
          label: 'measured',
          backgroundColor: colours.blue,
          data: ratios.map((goal) => goal.measured?.median ?? null),
        },
        { label: 'required', backgroundColor: colours.grey, data: ratios.map(({ required }) => required) },
        { label: 'aim', backgroundColor: colours.green, data: ratios.map(({ aim }) => aim) },
      ],
    ),
    chart(
      'Requests per second (logarithmic)',
      names,
      [bars('requests/s', colours.blue, 'perSecond')],
      'logarithmic',
    ),
    chart(
      'Latency in milliseconds (logarithmic)',
      names,
      [bars('p50', colours.green, 'p50'), bars('p95', colours.amber, 'p95'), bars('p99', colours.red, 'p99')],
      'logarithmic',
    ),
    chart(
      'Processor time per request in microseconds',
      names,
      [
        bars('server', colours.blue, 'serverMicroseconds'),
        bars('Postgres, with its standby', colours.violet, 'postgresMicroseconds'),
      ],
      'stacked',
    ),
  ]
}

function chart(title: string, labels: string[], datasets: Bars[], kind?: 'logarithmic' | 'stacked'): Chart {
  const stacked = kind === 'stacked'
  const rows = stacked ? 1 : Math.max(1, datasets.length * 0.6)
  return {
    title,
    heightPixels: Math.round(90 + labels.length * rowPixels * rows),
    config: {
      type: 'bar',
      data: { labels, datasets },
      options: {
        indexAxis: 'y',
        animation: false,
        maintainAspectRatio: false,
        scales: {
          x: { type: kind === 'logarithmic' ? 'logarithmic' : 'linear', beginAtZero: true, stacked },
          y: { stacked },
        },
      },
    },
  }
}
