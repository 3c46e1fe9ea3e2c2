import type { Cluster } from 'ioredis'

/**
 * Resolves when a client takes commands. Unlike `once` of node:events it goes on waiting after an error, because a client whose first
 * attempts to connect fail, which happens on a busy machine, tries again.
 */
export async function redisReady(redis: Pick<Cluster, 'status' | 'once'>): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.once('ready', () => resolve()))
}
