import type { Bench } from '../bench-stack.ts'
import { type Sample, takeSample } from '../measuring/sample.ts'
import { countCache } from '../servers/cache-metrics.ts'
import type { MeasuredServer } from '../servers/server-process.ts'

export interface Get {
  path: string
  seconds: number
  headers?: Record<string, string>
  /** Which layer of the cache has to answer; left out: that is not looked at. */
  layer?: 'l1' | 'l2'
}

const nearlyAll = 0.98

/**
 * One turn of asking a server for one thing.
 * @throws when the layer that is measured did not answer nearly all requests
 */
export async function sampleGet(bench: Bench, server: MeasuredServer, get: Get): Promise<Sample> {
  const { path, seconds, headers = {}, layer } = get
  const costs = { serverPid: server.pid, ...(server === bench.bare ? {} : { stack: bench.stack }) }
  const { result, counts } = await countCache(server, () =>
    takeSample(costs, () => bench.wrk({ url: server.url + path, headers, seconds })),
  )
  if (layer && (counts?.[layer] ?? 0) < nearlyAll * result.requests)
    throw new Error(`${path}: only ${counts?.[layer]} of ${result.requests} answers came from ${layer}`)
  return result
}
