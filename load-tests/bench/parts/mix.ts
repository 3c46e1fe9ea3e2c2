import { join } from 'node:path'
import { residentBytes } from '../../measuring/process-cost.ts'
import type { Bench } from '../bench-stack.ts'
import type { GoalOutcome } from '../goals.ts'
import { standardMix } from '../load/standard-mix.ts'
import { writeRequests } from '../load/wrk.ts'
import { takeSample } from '../measuring/sample.ts'
import { pinTogether } from '../pinning.ts'
import { type CacheCounts, countCache } from '../servers/cache-metrics.ts'
import type { PartResult } from './part.ts'

const one = (value: number): GoalOutcome => ({ measured: { median: value, least: value, most: value } })

/** A lunch break: how much of it the cache answers, and what orders weighs after it. Comes last. */
export async function measureMix(bench: Bench): Promise<PartResult> {
  const { stack, orders, campus, cores, settings, say } = bench
  pinTogether(bench)
  const requests = standardMix(campus, settings.quick ? 2000 : 20_000)
  const requestsFile = await writeRequests(join(stack.directory, 'mix.requests'), requests)
  const load = { url: orders.url, requestsFile, cores: cores.all, seconds: settings.seconds * 5 }
  const { result: sample, counts } = await countCache(orders, () =>
    takeSample({ serverPid: orders.pid, stack }, () => bench.wrk(load)),
  )
  const megabytes = (await residentBytes(orders.pid)) / 1e6
  say(`  standard mix: ${Math.round(sample.perSecond)}/s, ${Math.round(megabytes)} MB`)
  return {
    series: [{ name: 'standard mix', samples: [sample] }],
    outcomes: { memory: one(megabytes), 'hit-rate': hitRate(counts) },
  }
}

function hitRate(counts: CacheCounts | null): GoalOutcome {
  if (counts === null || counts.lookUps === 0) return { reason: 'not cached yet' }
  return one((counts.l1 + counts.l2) / counts.lookUps)
}
