import type { Cluster } from 'ioredis'

/**
 * KEYS: entry, generation of the key, lock. ARGV: the id of the entry that the caller has seen, token, milliseconds. Reads again
 * and locks in one step, so that whoever held the lock cannot store and release in between.
 */
const lockOrRead = `
local id = redis.call('GETRANGE', KEYS[1], 0, 15)
if id ~= '' and id ~= ARGV[1] then return { 'changed', redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]) or '' } end
if redis.call('SET', KEYS[3], ARGV[2], 'NX', 'PX', ARGV[3]) then return { 'locked' } end
return { 'held' }
`

/** KEYS: lock. ARGV: token. A process that was too slow does not release the lock of the next one. */
const unlock = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`

export interface EntryRedis {
  comandaCacheLockOrReadBuffer(
    entry: string,
    generation: string,
    lock: string,
    seen: Buffer,
    token: string,
    milliseconds: number,
  ): Promise<Buffer[]>
  comandaCacheUnlock(lock: string, token: string): Promise<number>
}

/** Defines the scripts on the client, once per client, and returns it with their types. */
export function withEntryScripts(redis: Cluster): Cluster & EntryRedis {
  if (!('comandaCacheUnlock' in redis)) {
    redis.defineCommand('comandaCacheLockOrRead', { numberOfKeys: 3, lua: lockOrRead })
    redis.defineCommand('comandaCacheUnlock', { numberOfKeys: 1, lua: unlock })
  }
  return redis as Cluster & EntryRedis
}
