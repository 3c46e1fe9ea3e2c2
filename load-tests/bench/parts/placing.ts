import { join } from 'node:path'
import type { Bench } from '../bench-stack.ts'
import { startOpenLoop } from '../load/open-loop.ts'
import { findPgbench, runPgbench, writeScript } from '../load/pgbench.ts'
import { recordPlacing } from '../load/record-placing.ts'
import { writeRequests } from '../load/wrk.ts'
import {
  type Contender,
  type Ratios,
  ratiosOf,
  type Series,
  takeTurns,
  wholeCost,
} from '../measuring/rounds.ts'
import { type Sample, takeSample } from '../measuring/sample.ts'
import { type Spread, spreadOf } from '../measuring/spread.ts'
import { pinTogether } from '../pinning.ts'
import type { PartResult } from './part.ts'

const ceiling = 'pgbench: place order'
const placing = 'place order'
const openLoop = 'place order, half rate, open loop'

/** Three-line wallet orders, beside pgbench with the statements they cause, and at half the rate that was reached. */
export async function measurePlacing(bench: Bench): Promise<PartResult> {
  const { settings, say } = bench
  pinTogether(bench)
  const series = await takeTurns([await pgbench(bench), await closedLoop(bench)], {
    ...settings,
    seconds: settings.seconds * 2,
    say,
  })
  const reached = spreadOf(series.at(-1)?.samples.map(({ perSecond }) => perSecond) ?? []) as Spread
  const paced = await measureHalfRate(bench, reached.median / 2)
  return {
    series: [...series, paced],
    outcomes: {
      'place-order': ratiosOf(series, placing, ceiling, wholeCost) as Ratios,
      'place-p99': { measured: spreadOf(paced.samples.map(({ p99 }) => p99)) as Spread },
    },
  }
}

async function pgbench({ stack, settings, cores, say, ...bench }: Bench): Promise<Contender> {
  const program = await findPgbench(say)
  const placings = await recordPlacing({ stack, settings, cores, say, ...bench })
  const { databaseConnections: connections } = settings
  const script = await writeScript(join(stack.directory, 'place.pgbench'), placings, connections)
  const load = { url: stack.primaryUrl, script, connections, directory: stack.directory }
  return {
    name: ceiling,
    run: (seconds) => takeSample({ stack }, () => runPgbench(program, { ...load, seconds })),
  }
}

async function closedLoop({ stack, campus, orders, cores, wrk }: Bench): Promise<Contender> {
  const requestsFile = await writeRequests(join(stack.directory, 'place.requests'), campus.orders)
  const load = { url: orders.url, requestsFile, cores: cores.all }
  return {
    name: placing,
    run: (seconds) => takeSample({ serverPid: orders.pid, stack }, () => wrk({ ...load, seconds })),
  }
}

async function measureHalfRate(bench: Bench, perSecond: number): Promise<Series> {
  const { campus, orders, settings, stack, say } = bench
  const { rounds, warmUpSeconds } = settings
  const seconds = settings.seconds * 2
  const samples: Sample[] = []
  let late = 0
  const generator = startOpenLoop()
  const run = async (seconds: number) => {
    const plan = { url: orders.url, requests: campus.orders, perSecond, seconds }
    const { lateMilliseconds, ...result } = await generator.run(plan)
    late = Math.max(late, lateMilliseconds)
    return result
  }
  try {
    await run(warmUpSeconds)
    late = 0
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await takeSample({ serverPid: orders.pid, stack }, () => run(seconds)))
    }
  } finally {
    generator.stop()
  }
  const p99 = spreadOf(samples.map((sample) => sample.p99)) as Spread
  const ours = `of which at most ${late.toFixed(1)} ms were the generator's`
  say(`  ${openLoop}: ${Math.round(perSecond)}/s, p99 ${p99.median.toFixed(1)} ms, ${ours}`)
  return { name: openLoop, samples }
}
