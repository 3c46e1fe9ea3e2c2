/**
 * What begins every key and channel of a fleet, so that several can share a Redis Cluster. All its services have the same: REDIS_PREFIX, or
 * the name of their database.
 */
export function redisPrefix(config: { REDIS_PREFIX?: string; DATABASE_URL: string }): string {
  return config.REDIS_PREFIX ?? /^[^?]*\/([^/?]+)(\?|$)/.exec(config.DATABASE_URL)?.[1] ?? 'comanda'
}
