/**
 * How fast comanda is beside what it is made of: every ceiling is built in the same run, on the same two cores, in alternation.
 *
 *   make bench                              everything, about four minutes
 *   make bench ARGS=--compare               and fails where it is more than a fifth worse than baseline.json
 *   make bench ARGS=--save-baseline         and becomes the new baseline
 *   make bench BENCH_ONLY=menu,placing      parts of it: menu, cached, list, placing, moving, mix
 *   make bench BENCH_QUICK=1                seconds only, for working on the bench itself
 *
 * BENCH_ROUNDS  runs of each contender (5)
 * BENCH_SECONDS of one run (2; placing and moving orders have twice as long)
 * BENCH_OUTPUT  directory of bench.json and bench.html (.comanda/bench)
 *
 * Needs Linux, taskset, wrk and pgbench. A run of everything also writes the tables of docs/performance.md.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Bench, startBench } from './bench-stack.ts'
import { measureCached } from './parts/cached.ts'
import { measureList } from './parts/list.ts'
import { measureMenu } from './parts/menu.ts'
import { measureMix } from './parts/mix.ts'
import { measureMoving } from './parts/moving.ts'
import type { PartResult } from './parts/part.ts'
import { measurePlacing } from './parts/placing.ts'
import { pinApart } from './pinning.ts'
import { compareWith, readBaseline, saveBaseline } from './report/baseline.ts'
import { describeMachine, recentLoad } from './report/machine.ts'
import { renderMarkdown } from './report/markdown.ts'
import { makeReport } from './report/report.ts'
import { updateDocumentation, writeReport } from './report/write-report.ts'
import { type PartName, partNames, readSettings } from './settings.ts'

const parts: Record<PartName, (bench: Bench) => Promise<PartResult>> = {
  menu: measureMenu,
  cached: measureCached,
  list: measureList,
  placing: measurePlacing,
  moving: measureMoving,
  mix: measureMix,
}

const say = (line: string) => console.error(line)
const settings = readSettings(process.argv.slice(2), process.env)
const output = process.env['BENCH_OUTPUT'] ?? join(import.meta.dirname, '../../.comanda/bench')

const loadBefore = recentLoad()
const bench = await startBench(settings, say)
const results: PartResult[] = []
try {
  for (const name of partNames.filter((name) => settings.parts.includes(name))) {
    say(name)
    pinApart(bench)
    results.push(await parts[name](bench))
  }
  const report = makeReport(settings, await describeMachine(bench.stack, loadBefore), results)
  const baseline = await readBaseline()
  const changes = baseline ? compareWith(baseline, report) : []
  const markdown = renderMarkdown(report, baseline, changes)
  console.log(markdown)
  say(`\n${await writeReport(output, report, markdown)}`)

  const whole = !settings.quick && settings.parts.length === partNames.length
  if (whole) await updateDocumentation(markdown)
  if (settings.saveBaseline) await saveBaseline(report)
  const worse = changes.filter(({ verdict }) => verdict === 'worse')
  if (settings.compare && worse.length > 0) {
    say(`worse than the baseline: ${worse.map(({ title }) => title).join('; ')}`)
    process.exitCode = 1
  }
} catch (error) {
  // Wait until what they log about it has arrived.
  await wait(200)
  say(bench.lastOutput())
  throw error
} finally {
  await bench.stop()
}
