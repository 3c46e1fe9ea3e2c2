import { join } from 'node:path'
import type { Bench } from '../bench-stack.ts'
import { writeRequests } from '../load/wrk.ts'
import { type Sample, takeSample } from '../measuring/sample.ts'
import { type CacheCounts, countCache } from '../servers/cache-metrics.ts'
import type { MeasuredServer } from '../servers/server-process.ts'

export interface Get {
  /** Asked for in turn. More of them than connections, and nobody waits for what another one is asking for already. */
  paths: string[]
  seconds: number
  headers?: Record<string, string>
  /** Which layer of the cache has to answer; when left out, any may. */
  layer?: 'l1' | 'l2'
  /** Whether it has to be answered with 304, or with the whole. */
  unchanged?: boolean
}

/**
 * Asks a server for something, once per request, for one run.
 * @throws when the layer that is measured did not answer, or not with the status that is measured
 */
export async function sampleGet(bench: Bench, server: MeasuredServer, get: Get): Promise<Sample> {
  const { paths, seconds, headers = {}, layer, unchanged = false } = get
  const [path] = paths as [string]
  const costs = { serverPid: server.pid, ...(server === bench.bare ? {} : { stack: bench.stack }) }
  const load =
    paths.length === 1
      ? { url: server.url + path, headers, seconds }
      : { url: server.url, headers, seconds, requestsFile: await writeGets(bench, paths) }
  if (layer) await fill(server, paths, headers)
  const { result, counts } = await countCache(server, () => takeSample(costs, () => bench.wrk(load)))
  if (layer && !answered({ layer, unchanged }, counts, result.requests))
    throw new Error(
      `${path}: ${result.requests} ${unchanged ? '304s' : 'answers'} from ${layer}? ${JSON.stringify(counts)}`,
    )
  return result
}

async function fill({ url }: MeasuredServer, paths: string[], headers: Record<string, string>) {
  for (const path of paths) await (await fetch(url + path, { headers })).arrayBuffer()
}

const few = 0.02

/** Requests that wait for the same key of Redis are counted once, hence misses are what counts. */
function answered(
  { layer, unchanged }: { layer: 'l1' | 'l2'; unchanged: boolean },
  counts: CacheCounts | null,
  requests: number,
): boolean {
  if (counts === null) return false
  const others = unchanged ? requests - counts.unchanged : counts.unchanged
  if (others > few * requests) return false
  if (layer === 'l1') return counts.l1 >= (1 - few) * requests
  return counts.l2 > 0 && counts.misses <= few * requests
}

function writeGets({ stack }: Bench, paths: string[]): Promise<string> {
  const requests = paths.map((path) => ({ method: 'GET' as const, path }))
  return writeRequests(join(stack.directory, 'get.requests'), requests)
}
