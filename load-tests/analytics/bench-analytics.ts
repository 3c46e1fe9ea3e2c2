/**
 * What dashboards, rollups and the hot paths cost, and whether that grows with the number of orders. Each size is measured on servers of
 * its own: a history of at most 3,000 orders a day, over four weeks or more, then four weeks that are the same at every size.
 *
 *   make bench-analytics                                          20,000 and 300,000 orders
 *   make bench-analytics ARGS=--sizes=20000,1000000,10000000      others; needs about 12 kB of disk per order of the largest
 *   make bench-analytics ARGS="--sizes=20000 --requests=1000"     more requests of each path (200)
 *
 * --recent  how many orders are of the last four weeks (10,000, at most half of the smallest size)
 * --events  how many events are rolled up in batches of 100 and of 1000 at each end of the log, at most (50,000)
 * BENCH_OUTPUT  directory of analytics.json and analytics.md (.comanda/bench)
 *
 * It fails on no number, but says which required ones were met. Needs Linux.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMachine, recentLoad } from '../bench/report/machine.ts'
import { measureSize } from './measure-size.ts'
import { type Measured, renderTable, reportRows } from './report.ts'
import { startServers } from './servers.ts'
import { readSettings } from './settings.ts'

const say = (line: string) => console.error(line)
const output = process.env['BENCH_OUTPUT'] ?? join(import.meta.dirname, '../../.comanda/bench')
const settings = { ...readSettings(process.argv.slice(2)), until: new Date() }
const loadBefore = recentLoad()
const accessTokenSecret = randomBytes(32).toString('hex')

const measured: Measured[] = []
let machine: Awaited<ReturnType<typeof describeMachine>> | undefined
for (const orders of settings.sizes) {
  say(`${orders} orders`)
  const stack = await startServers(say)
  try {
    machine ??= await describeMachine(stack, loadBefore)
    measured.push(await measureSize(stack, orders, { ...settings, accessTokenSecret }, say))
  } finally {
    await stack.stop()
  }
  const rows = reportRows(measured)
  const table = renderTable(measured, rows)
  const report = { format: 1, at: new Date().toISOString(), machine, settings, rows, measured }
  await mkdir(output, { recursive: true })
  // After each size, so that a run that is ended early has said something.
  await writeFile(join(output, 'analytics.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(output, 'analytics.md'), `${table}\n`)
  if (measured.length === settings.sizes.length) console.log(table)
}
say(`\n${join(output, 'analytics.json')}`)
