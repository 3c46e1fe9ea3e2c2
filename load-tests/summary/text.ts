import type { Quantiles, Summary, Verdict } from './summary.ts'

/** A table as rows of cells, the first of which are its head. */
export type Rows = string[][]

const figure = (value: number | null) => (value === null ? '–' : String(Math.round(value * 10) / 10))
const quantileCells = ({ p50, p95, p99, max }: Quantiles) => [p50, p95, p99, max].map(figure)

/** What was promised, and what came of it. */
export function verdictRows(verdicts: readonly Verdict[]): Rows {
  const head = ['objective', 'wanted', 'measured', '']
  return [
    head,
    ...verdicts.map(({ what, wanted, measured, kept, decides }) => [
      what,
      wanted,
      measured === null ? '–' : String(measured),
      kept ? 'kept' : decides ? 'MISSED' : 'missed, which decides nothing here',
    ]),
  ]
}

/** Milliseconds by operation, and of events where there are any. */
export function durationRows({ requests, failed, duration, operations, eventDelay }: Summary): Rows {
  const head = ['milliseconds', 'requests', 'failed', 'p50', 'p95', 'p99', 'max']
  return [
    head,
    ['all', String(requests), String(failed), ...quantileCells(duration)],
    ...Object.entries(operations).map(([name, figures]) => [
      name,
      String(figures.count),
      String(figures.failed),
      ...quantileCells(figures),
    ]),
    ...(eventDelay.count > 0
      ? [['events of sockets', String(eventDelay.count), '', ...quantileCells(eventDelay)]]
      : []),
  ]
}

/** The rest of a summary as a sentence. */
export function describeRun(summary: Summary): string {
  const { scenario, runner, url, seconds, users, requests, counts, skipped, latenessMilliseconds } = summary
  const parts = [
    `${scenario} by ${runner} against ${url}: ${users} users, ${Math.round(seconds)} s, ${figure(requests / seconds)} requests a second`,
    ...Object.entries(counts).map(([what, count]) => `${count} ${what.replace('_', ' ')}`),
    ...(skipped > 0 ? [`${skipped} actions skipped`] : []),
    ...(latenessMilliseconds === null
      ? []
      : [`the load itself late by at most ${figure(latenessMilliseconds)} ms`]),
  ]
  return parts.join(', ')
}

/** A table in columns, for a terminal. */
export function alignRows(rows: Rows): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** All of it, for a terminal. */
export function asText(summary: Summary, verdicts: readonly Verdict[]): string {
  const { problems } = summary
  const parts = [describeRun(summary), alignRows(durationRows(summary)), alignRows(verdictRows(verdicts))]
  if (problems.length > 0)
    parts.push(`What went wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  return parts.join('\n\n')
}
