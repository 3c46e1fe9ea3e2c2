import { addTiming, redisPrefix } from '@comanda/service'
import { type Cache, type CacheOptions, createCache } from './cache.ts'

type ServiceCacheOptions = Pick<CacheOptions, 'redis' | 'subscriber' | 'metrics' | 'log'> & {
  config: CacheOptions['config'] & Parameters<typeof redisPrefix>[0]
  /** The service and its version, which separate its answers from those of other programs. */
  name: string
  version: string
}

/**
 * Makes the cache of a service, among the keys of its fleet: an invalidation reaches the caches of every service and version. Time that is
 * spent on Redis counts for the request that is being served. The caller closes the cache, before its connections.
 */
export function createServiceCache({ config, name, version, ...options }: ServiceCacheOptions): Cache {
  return createCache({
    ...options,
    config,
    namespace: `${name}-${version}`,
    space: `${redisPrefix(config)}:cache`,
    addTiming: (milliseconds) => addTiming('cache', milliseconds),
  })
}
