import type { Bench } from '../bench-stack.ts'
import { type Contender, runRounds } from '../measuring/rounds.ts'
import type { MeasuredServer } from '../servers/server-process.ts'
import type { PartResult } from './part.ts'
import { probe } from './probe.ts'
import { sampleGet } from './sample-get.ts'

const runSeconds = 2

interface Read {
  name: string
  paths: string[]
  headers?: Record<string, string>
}

/** What the cache gains on each public read: from either layer, and without it. */
export async function measureCached(bench: Bench): Promise<PartResult> {
  const { campus, settings, say } = bench
  const each = (path: (id: string) => string) => campus.cafeteriaIds.map(path)
  const menus = each((id) => `/v1/cafeterias/${id}/menu`)
  const reads: Read[] = [
    { name: 'menu, gzip', paths: menus, headers: { 'accept-encoding': 'gzip' } },
    { name: 'cafeterias', paths: ['/v1/cafeterias'] },
    { name: 'cafeteria', paths: each((id) => `/v1/cafeterias/${id}`) },
    { name: 'products', paths: each((id) => `/v1/products?cafeteriaId=${id}`) },
    { name: 'categories', paths: each((id) => `/v1/categories?cafeteriaId=${id}`) },
    { name: 'hours', paths: each((id) => `/v1/cafeterias/${id}/hours`) },
    { name: 'config', paths: ['/v1/config'] },
  ]
  const contenders: Contender[] = []
  for (const read of reads) contenders.push(...(await contendersFor(bench, read)))
  const runs = {
    rounds: 1,
    seconds: settings.quick ? 1 : runSeconds,
    warmUpSeconds: settings.quick ? 0 : 1,
    say,
  }
  return { series: await runRounds(contenders, runs), outcomes: {} }
}

/** Without the cache, and from those of its layers that do answer. */
async function contendersFor(bench: Bench, { name, paths, headers = {} }: Read): Promise<Contender[]> {
  const contender = (server: MeasuredServer, how: string, layer?: 'l1' | 'l2'): Contender => ({
    name: `${name}: ${how}`,
    run: (seconds) => sampleGet(bench, server, { paths, headers, seconds, ...(layer ? { layer } : {}) }),
  })
  const [path] = paths as [string]
  const { servedBy } = await probe(bench.orders, path, headers)
  if (servedBy === 'none') return [contender(bench.orders, 'uncached')]
  const redisOnly = await bench.startOrders('redis')
  const fromRedis = (await probe(redisOnly, path, headers)).servedBy === 'l2'
  return [
    contender(await bench.startOrders('none'), 'uncached'),
    ...(fromRedis ? [contender(redisOnly, 'L2 hit', 'l2')] : []),
    ...(servedBy === 'l1' ? [contender(bench.orders, 'L1 hit', 'l1')] : []),
  ]
}
