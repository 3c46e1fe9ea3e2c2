import type { Cluster, Redis } from 'ioredis'

const keysPerStep = 500

/**
 * Removes keys by SCAN on every master, and UNLINK key by key: a command with several keys would have to stay in one slot.
 * Resolves to how many there were; rejects when a master does not answer.
 */
export async function removeMatching(cluster: Cluster, pattern: string): Promise<number> {
  const counts = await Promise.all(cluster.nodes('master').map((node) => removeFrom(cluster, node, pattern)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function removeFrom(cluster: Cluster, node: Redis, pattern: string): Promise<number> {
  let removed = 0
  let cursor = '0'
  do {
    const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerStep)
    // Asked of the cluster and not of the node: a slot may have moved since.
    const counts = await Promise.all(keys.map((key) => cluster.unlink(key)))
    removed += counts.reduce((sum, count) => sum + count, 0)
    cursor = next
  } while (cursor !== '0')
  return removed
}
