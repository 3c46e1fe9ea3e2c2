import { randomBytes } from 'node:crypto'
import type { Cluster } from 'ioredis'
import { longestSeconds } from '../ttl.ts'
import { idBytes, packEntry, type StoredEntry, unpackEntry } from './envelope.ts'
import { removeMatching } from './remove-matching.ts'
import { createRouteBudgets } from './route-budgets.ts'
import { withEntryScripts } from './scripts.ts'

export interface Found {
  /** The id of what Redis has, valid or not; empty when it has nothing. */
  id: Buffer
  /** Undefined as well when the key was deleted since it was loaded. */
  entry: StoredEntry | undefined
  /** The generation of the key, to be stored with whatever is loaded now; '' when the key was not deleted lately. */
  keyGeneration: string
}

export type LockAnswer = { lock: 'locked' | 'held' } | ({ lock: 'changed' } & Found)

/** The entries in Redis. Everything rejects when Redis is away. The keys of one entry share a slot; entries are spread over all. */
export interface RedisLayer {
  find(key: string): Promise<Found>
  store(key: string, entry: Omit<StoredEntry, 'id'>, forMs: number): Promise<void>
  /** Locks the loading of a key, unless another entry than the one with the id `seen` is there by now, or another process holds the lock. */
  lock(key: string, seen: Buffer, token: string, forMs: number): Promise<LockAnswer>
  unlock(key: string, token: string): Promise<void>
  /** Removes an entry and outdates what is being loaded for it. Returns the new generation of the key. */
  remove(key: string): Promise<string>
  /** Removes what matches a pattern of Redis, on every master, whoever stored it. Returns how many there were. */
  removeMatching(pattern: string): Promise<number>
}

const nothing = Buffer.alloc(0)

/** `space` is shared by all; `namespace` separates programs whose entries have different forms: services and their versions. `routeBytes` bounds what this process stores per route. */
export function createRedisLayer(
  cluster: Cluster,
  options: { space: string; namespace: string; routeBytes: number },
): RedisLayer {
  const { space, namespace, routeBytes } = options
  const redis = withEntryScripts(cluster)
  const prefix = `${space}:entries:${namespace}`
  const entryKey = (key: string) => `${prefix}:{${key}}`
  const generationKey = (key: string) => `${space}:key-generation:{${key}}`
  const lockKey = (key: string) => `${space}:locks:${namespace}:{${key}}`

  // What is not removed now, because Redis is away, expires.
  const budgets = createRouteBudgets(routeBytes, (key) => void redis.unlink(entryKey(key)).catch(() => 0))

  function found(packed: Buffer | null | undefined, generation: Buffer | null | undefined): Found {
    const keyGeneration = generation?.toString() ?? ''
    const entry = packed ? unpackEntry(packed) : undefined
    const id = packed?.subarray(0, idBytes) ?? nothing
    return { id, keyGeneration, entry: entry?.keyGeneration === keyGeneration ? entry : undefined }
  }

  return {
    async find(key) {
      const [packed, generation] = await redis.mgetBuffer(entryKey(key), generationKey(key))
      return found(packed, generation)
    },
    async store(key, entry, forMs) {
      const packed = packEntry({ ...entry, id: randomBytes(idBytes) })
      if (!budgets.take(key, packed.length, forMs)) return
      await redis.set(entryKey(key), packed, 'PX', Math.ceil(forMs))
    },
    async lock(key, seen, token, forMs) {
      const answer = await redis.comandaCacheLockOrReadBuffer(
        entryKey(key),
        generationKey(key),
        lockKey(key),
        seen,
        token,
        forMs,
      )
      const lock = String(answer[0]) as LockAnswer['lock']
      return lock === 'changed' ? { lock, ...found(answer[1], answer[2]) } : { lock }
    },
    async unlock(key, token) {
      await redis.comandaCacheUnlock(lockKey(key), token)
    },
    async remove(key) {
      const generation = randomBytes(idBytes).toString('base64url')
      await redis.set(generationKey(key), generation, 'EX', longestSeconds)
      await redis.unlink(entryKey(key))
      return generation
    },
    removeMatching: (pattern) => removeMatching(redis, `${space}:entries:*:{${pattern}}`),
  }
}
