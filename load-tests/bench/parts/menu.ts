import type { Bench } from '../bench-stack.ts'
import type { GoalOutcome } from '../goals.ts'
import { type Contender, ratiosOf, runRounds, serverCost } from '../measuring/rounds.ts'
import type { MeasuredServer } from '../servers/server-process.ts'
import type { PartResult } from './part.ts'
import { isRevalidated, probe } from './probe.ts'
import { redisCeiling } from './redis-ceiling.ts'
import { type Get, sampleGet } from './sample-get.ts'

const bare = 'bare Fastify: buffer'
const bare304 = 'bare Fastify: 304'

/** A menu from each layer of the cache, revalidated, and without a cache, beside bare Fastify with the same bytes. */
export async function measureMenu(bench: Bench): Promise<PartResult> {
  const { campus, orders, settings, say } = bench
  const paths = campus.cafeteriaIds.map((id) => `/v1/cafeterias/${id}/menu`)
  const [path] = paths as [string]
  const { text, etag, servedBy } = await probe(orders, path)
  const bytes = Buffer.byteLength(text)
  say(`  ${bytes} bytes, answered by ${servedBy === 'none' ? 'Postgres' : servedBy}`)
  await bench.bare.hold({ buffer: text })

  const get = (name: string, server: MeasuredServer, more: Partial<Get> = {}): Contender => ({
    name,
    run: (seconds) => sampleGet(bench, server, { paths: [path], seconds, ...more }),
  })
  const contenders = [get(bare, bench.bare, { paths: ['/buffer'] })]
  if (servedBy === 'l1') contenders.push(get('menu: L1 hit', orders, { layer: 'l1' }))
  if (etag !== null && (await isRevalidated(orders, path, etag))) {
    contenders.push(
      get(bare304, bench.bare, { paths: ['/buffer'], headers: { 'if-none-match': '"bare"' } }),
      get('menu: 304', orders, { headers: { 'if-none-match': etag }, layer: 'l1', unchanged: true }),
    )
  }
  if (servedBy === 'none') {
    contenders.push(get('menu: uncached', orders))
  } else {
    const redisOnly = await bench.startOrders('redis')
    if ((await probe(redisOnly, path)).servedBy === 'l2')
      contenders.push(get('menu: L2 hit', redisOnly, { paths, layer: 'l2' }))
    contenders.push(get('menu: uncached', await bench.startOrders('none')))
  }

  const series = await runRounds(contenders, { ...settings, say })
  const redis = await redisCeiling(bench, bytes)
  const outcome = (name: string, ceiling: string): GoalOutcome => {
    const ratios = ratiosOf(series, name, ceiling, serverCost)
    const now = ratiosOf(series, 'menu: uncached', bare, serverCost)?.measured.median ?? Number.NaN
    return ratios ?? { reason: `not cached yet (uncached: ${now.toFixed(3)})` }
  }
  return {
    series: [...series, redis],
    outcomes: {
      'menu-l1': outcome('menu: L1 hit', bare),
      'menu-304': outcome('menu: 304', bare304),
      'menu-l2': outcome('menu: L2 hit', bare),
    },
  }
}
