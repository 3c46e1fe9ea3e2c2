import { join } from 'node:path'
import pg from 'pg'
import type { Bench } from '../bench-stack.ts'
import { type OpenLoop, startOpenLoop } from '../load/open-loop.ts'
import { findPgbench, runPgbench, writeScript } from '../load/pgbench.ts'
import { recordPlacing } from '../load/record-placing.ts'
import { writeRequests } from '../load/wrk.ts'
import {
  type Contender,
  type Ratios,
  ratiosOf,
  runRounds,
  type Series,
  wholeCost,
} from '../measuring/rounds.ts'
import { type Sample, takeSample } from '../measuring/sample.ts'
import { type Spread, spreadOf } from '../measuring/spread.ts'
import { pinTogether } from '../pinning.ts'
import type { PartResult } from './part.ts'

const ceiling = 'pgbench: place order'
const placing = 'place order'
const placingOpenLoop = 'place order, half rate, open loop'

/** Three-line wallet orders, beside pgbench with the statements they cause, and at half the rate that was reached. */
export async function measurePlacing(bench: Bench): Promise<PartResult> {
  const { settings, say } = bench
  pinTogether(bench)
  const runs = { ...settings, seconds: settings.seconds * 2, say }
  const series = await runRounds([await pgbench(bench), await closedLoop(bench)], runs)
  const reached = spreadOf(samplesOf(series, placing).map(({ perSecond }) => perSecond)) as Spread

  await reuseSegments(bench)
  const perSecond = reached.median / 2
  const generator = startOpenLoop()
  try {
    const paced = await runRounds([openLoop(bench, generator, perSecond)], runs)
    const p99 = spreadOf(samplesOf(paced, placingOpenLoop).map((sample) => sample.p99)) as Spread
    return {
      series: [...series, ...paced],
      outcomes: {
        'place-order': ratiosOf(series, placing, ceiling, wholeCost) as Ratios,
        'place-p99': { measured: p99 },
      },
    }
  } finally {
    generator.stop()
  }
}

/**
 * What a server does every few minutes anyway: the segments of the WAL that were written until now are used again. One that is new has to
 * make them, and all commits wait 50 ms for each, pgbench's too.
 */
async function reuseSegments({ stack }: Bench): Promise<void> {
  const client = new pg.Client(stack.adminUrl)
  await client.connect()
  await client.query('checkpoint')
  await client.end()
}

function samplesOf(series: readonly Series[], name: string): Sample[] {
  return series.find((one) => one.name === name)?.samples ?? []
}

async function pgbench(bench: Bench): Promise<Contender> {
  const { stack, settings, say } = bench
  const program = await findPgbench(say)
  const placings = await recordPlacing(bench)
  const { databaseConnections: connections } = settings
  // Each connection places the orders of customers of its own, as no two requests of one customer meet under wrk either.
  const own = Math.floor(placings.length / connections)
  const script = await writeScript(
    join(stack.directory, 'place.pgbench'),
    placings.slice(0, own * connections),
    [
      `\\set branch :client_id + ${connections} * random(0, ${own - 1})`,
      '\\set key random(1, 9000000000000000000)',
    ],
  )
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

function openLoop({ campus, orders, stack, say }: Bench, generator: OpenLoop, perSecond: number): Contender {
  return {
    name: placingOpenLoop,
    async run(seconds) {
      const plan = { url: orders.url, requests: campus.orders, perSecond, seconds }
      const sample = await takeSample({ serverPid: orders.pid, stack }, () => generator.run(plan))
      const { p99, lateMilliseconds } = sample
      const late = `of which at most ${lateMilliseconds.toFixed(1)} ms are the generator's`
      say(`  ${placingOpenLoop}: ${Math.round(perSecond)}/s, p99 ${p99.toFixed(1)} ms, ${late}`)
      return sample
    },
  }
}
