import { setTimeout as sleep } from 'node:timers/promises'
import { type CacheCounts, countCache } from '../servers/cache-metrics.ts'
import type { MeasuredServer } from '../servers/server-process.ts'

export interface Probe {
  /** Which layer of the cache answers when asked again; `none` also when there is no cache. */
  servedBy: 'l1' | 'l2' | 'none'
  /** Null: the answer has none. */
  etag: string | null
  text: string
}

const asks = 10
/** A cache keeps nothing until it has subscribed to what other processes change. */
const patienceMilliseconds = 3000

/**
 * Asks a few times, and sees from the service's own counters who answers.
 * @throws when it does not answer with 200
 */
export async function probe(
  server: MeasuredServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<Probe> {
  const ask = async () => {
    const response = await fetch(server.url + path, { headers })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`)
    return { etag: response.headers.get('etag'), text }
  }
  for (const deadline = Date.now() + patienceMilliseconds; ; await sleep(200)) {
    const { result, counts } = await countCache(server, async () => {
      let last = await ask()
      for (let again = 1; again < asks; again += 1) last = await ask()
      return last
    })
    const servedBy = mostly(counts)
    if (servedBy !== 'none' || !counts?.lookUps || Date.now() > deadline) return { ...result, servedBy }
  }
}

function mostly(counts: CacheCounts | null): Probe['servedBy'] {
  if (counts && counts.l1 > asks / 2) return 'l1'
  return counts && counts.l2 > asks / 2 ? 'l2' : 'none'
}

/** Whether a repeated question with this ETag is answered with 304. */
export async function isRevalidated(server: MeasuredServer, path: string, etag: string): Promise<boolean> {
  const response = await fetch(server.url + path, { headers: { 'if-none-match': etag } })
  await response.arrayBuffer()
  return response.status === 304
}
