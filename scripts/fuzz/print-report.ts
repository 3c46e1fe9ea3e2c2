import Table from 'cli-table3'
import type { FuzzOutcome } from './outcome.ts'
import type { ProcessCost } from './process-costs.ts'
import { type OperationTally, percent } from './verdict.ts'

/** Prints how each operation was answered, and what the runs come to. */
export function printReport(tallies: readonly OperationTally[], outcomes: readonly FuzzOutcome[]): void {
  const table = new Table({
    head: ['service', 'operation', 'served to', 'answers'],
    style: { head: [], border: [] },
  })
  for (const { service, operation, statuses, servedTo } of tallies)
    table.push([service, operation, servedTo.join(' '), say(statuses)])
  console.log(table.toString())

  const all = new Map<number, number>()
  for (const { statuses } of tallies)
    for (const [status, count] of statuses) all.set(status, (all.get(status) ?? 0) + count)
  const served = tallies.filter(({ servedTo }) => servedTo.length > 0).length
  console.log(`${served} of ${tallies.length} operations (${percent(served / tallies.length)}) reached a 2xx`)
  console.log(`answers: ${say(all)}`)
  for (const { caller, service, codes } of outcomes)
    console.log(`refused to ${caller} by ${service}: ${sayRefusals(codes)}`)
}

/** Why a role was refused what it may not do, or has lost: 401 and 403 by their codes. */
function sayRefusals(codes: FuzzOutcome['codes']): string {
  const counts = new Map<string, number>()
  for (const [code, count] of Object.values(codes).flatMap((each) => Object.entries(each)))
    if (/^40[13]/.test(code)) counts.set(code, (counts.get(code) ?? 0) + count)
  return counts.size === 0 ? 'nothing' : [...counts].map(([code, count]) => `${code} × ${count}`).join(', ')
}

const say = (counts: ReadonlyMap<number, number>) =>
  [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status} × ${count}`)
    .join('  ')

/** Prints the longest stall and the most memory of each process. */
export function printCosts(costs: readonly ProcessCost[]): void {
  const table = new Table({
    head: ['process', 'longest stall, processor time', 'by the clock', 'most memory resident'],
    style: { head: [], border: [] },
  })
  for (const { name, stalls, peakMegabytes } of costs)
    table.push([
      name,
      `${Math.round(stalls.busyMilliseconds)} ms`,
      `${Math.round(stalls.waitedMilliseconds)} ms`,
      peakMegabytes === null ? 'unknown' : `${Math.round(peakMegabytes)} MB`,
    ])
  console.log(table.toString())
}
