import type { Goal } from '../goals.ts'
import type { Spread } from '../measuring/spread.ts'
import type { Baseline, BaselineChange } from './baseline.ts'
import { cacheRows } from './cache-rows.ts'
import type { Measured, Report } from './report.ts'

/** The report as tables for a terminal and for the documentation. */
export function renderMarkdown(
  report: Report,
  baseline: Baseline | null,
  changes: readonly BaselineChange[],
): string {
  return [
    describe(report),
    section('Goals', goals(report.goals)),
    section('Cached and uncached', cached(report)),
    section(`Before and after${baseline ? ` (before: ${baseline.at.slice(0, 10)})` : ''}`, changed(changes)),
    section('Everything that was measured', everything(report.measured)),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function describe({ machine, at, rounds, secondsPerRun, quick }: Report): string {
  const { processor, cores, memoryGigabytes, node, postgres, redis, loadBefore } = machine
  const what = `${processor}, ${cores} cores of which 2 are used, ${memoryGigabytes} GB`
  const runs = `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${secondsPerRun} s`
  return `${quick ? 'A quick run, whose numbers mean little. ' : ''}${at.slice(0, 16).replace('T', ' ')} UTC: ${what}; Node ${node}, Postgres ${postgres}, Redis ${redis}; load average before the run ${loadBefore}; ${runs}. Medians, and in brackets the least and the most of the rounds.`
}

function section(title: string, table: string): string {
  return table && `### ${title}\n\n${table}`
}

/** Empty without rows. */
function render(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

function goals(all: readonly Goal[]): string {
  return render(
    ['', 'measured', 'by processor time', 'required', 'aim', 'verdict'],
    all.map((goal) => [
      goal.title + (goal.beside && `, beside ${goal.beside}`),
      goal.measured ? inUnit(goal.measured, goal.unit) : (goal.reason ?? ''),
      goal.byProcessor ? goal.byProcessor.median.toFixed(2) : '',
      bound(goal.required, goal.unit),
      bound(goal.aim, goal.unit),
      goal.verdict,
    ]),
  )
}

function bound(value: number, unit: Goal['unit']): string {
  if (unit === 'ratio') return value.toFixed(2)
  return unit === 'share' ? `${value * 100}%` : `${value} ${unit}`
}

function inUnit(spread: Spread, unit: Goal['unit']): string {
  if (unit === 'ratio') return withSpread(spread, (value) => value.toFixed(2))
  if (unit === 'share') return withSpread(spread, (value) => `${(value * 100).toFixed(1)}%`)
  return withSpread(spread, (value) => `${value.toFixed(unit === 'ms' ? 1 : 0)} ${unit}`)
}

function withSpread({ median, least, most }: Spread, show: (value: number) => string): string {
  return least === most ? show(median) : `${show(median)} (${show(least)} to ${show(most)})`
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const speed = (one: Measured | undefined) =>
  one ? `${whole(one.perSecond.median)}/s, ${one.p99.median.toFixed(1)} ms` : 'not cached yet'

function cached({ measured }: Report): string {
  return render(
    ['throughput, p99', 'uncached', 'L2', 'L1', 'L1 gains'],
    cacheRows(measured).map(({ title, uncached, l2, l1 }) => [
      title,
      speed(uncached),
      speed(l2),
      speed(l1),
      l1 ? `${(l1.perSecond.median / uncached.perSecond.median).toFixed(1)} times` : '',
    ]),
  )
}

function changed(changes: readonly BaselineChange[]): string {
  return render(
    ['', 'before', 'after', 'change'],
    changes.map(({ title, before, after, verdict }) => [
      title,
      String(before),
      String(after),
      `${after >= before ? '+' : ''}${(((after - before) / before) * 100).toFixed(0)}%${verdict === 'same' ? '' : `, ${verdict}`}`,
    ]),
  )
}

function everything(measured: readonly Measured[]): string {
  const cost = (spread: Spread | null) => (spread ? `${whole(spread.median)} µs` : '')
  return render(
    ['', 'requests/s', 'p50', 'p95', 'p99', 'processor, server', 'processor, Postgres'],
    measured.map((one) => [
      one.name,
      withSpread(one.perSecond, whole),
      ...[one.p50, one.p95, one.p99].map(({ median }) => `${median.toFixed(1)} ms`),
      cost(one.serverMicroseconds),
      cost(one.postgresMicroseconds),
    ]),
  )
}
