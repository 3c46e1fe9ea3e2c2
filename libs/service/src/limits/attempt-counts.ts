import type { Redis } from '../redis/create-redis.ts'
import { type AttemptRule, delayAfter } from './attempt-rules.ts'

/** Counts failures under a key. All times are milliseconds. */
export interface AttemptCounts {
  /** Counts an attempt as failed until it is taken back, unless the key has to wait: the milliseconds then, otherwise 0. */
  begin(key: string, rule: AttemptRule): Promise<number>
  /** The attempt did not fail. */
  takeBack(key: string, rule: AttemptRule): Promise<void>
  /** Removes the failures of a key. */
  forget(key: string): Promise<void>
  /** Marks a key for a time, as one whose attempts succeed. */
  remember(key: string, forMs: number): Promise<void>
  isRemembered(key: string): Promise<boolean>
}

/**
 * KEYS: a hash of `failures` and `until`, in milliseconds. ARGV: free, first delay, longest delay, time to forget, change.
 * Redis' own clock is used. A wait is refused without counting it, so asking again does not prolong it.
 */
const script = `
local free, first, longest, forget, change = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = tonumber(redis.call('HGET', KEYS[1], 'until') or '0') - now
if change > 0 and wait > 0 then return wait end
local failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or '0') + change
if failures <= 0 then
  redis.call('DEL', KEYS[1])
  return 0
end
local delay = 0
if failures > free then delay = math.min(longest, first * 2 ^ (failures - free - 1)) end
redis.call('HSET', KEYS[1], 'failures', failures, 'until', string.format('%d', now + delay))
redis.call('PEXPIRE', KEYS[1], string.format('%d', forget + delay))
return 0
`

interface ScriptedRedis {
  comandaCountAttempt(key: string, ...args: number[]): Promise<number>
}

/** The counts that all processes share, under keys that begin with `prefix`. Rejects when Redis does. */
export function redisAttemptCounts(redis: Redis, prefix: string): AttemptCounts {
  if (!('comandaCountAttempt' in redis))
    redis.defineCommand('comandaCountAttempt', { numberOfKeys: 1, lua: script })
  const scripted = redis as unknown as ScriptedRedis
  const name = (key: string) => `${prefix}:attempts:${key}`
  const count = (key: string, rule: AttemptRule, change: 1 | -1) =>
    scripted.comandaCountAttempt(
      name(key),
      rule.free,
      rule.firstDelayMs,
      rule.longestDelayMs,
      rule.forgetMs,
      change,
    )
  return {
    begin: (key, rule) => count(key, rule, 1),
    async takeBack(key, rule) {
      await count(key, rule, -1)
    },
    async forget(key) {
      await redis.unlink(name(key))
    },
    async remember(key, forMs) {
      await redis.set(name(key), '1', 'PX', forMs)
    },
    async isRemembered(key) {
      return (await redis.exists(name(key))) === 1
    },
  }
}

interface Count {
  failures: number
  until: number
  forgetAt: number
}

/** How many keys one process keeps; the longest unused is forgotten first. */
const mostKeys = 20_000

/**
 * Counts in the memory of this process, for when Redis is away. `now` is any clock in milliseconds that only goes forward.
 */
export function localAttemptCounts(now: () => number = () => performance.now()): AttemptCounts {
  const counts = new Map<string, Count>()

  function find(key: string): Count {
    const known = counts.get(key)
    return known !== undefined && known.forgetAt > now() ? known : { failures: 0, until: 0, forgetAt: 0 }
  }

  function keep(key: string, count: Count): void {
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > mostKeys) counts.delete(counts.keys().next().value as string)
  }

  function change(key: string, rule: AttemptRule, by: 1 | -1): number {
    const { failures: before, until } = find(key)
    if (by > 0 && until > now()) return Math.ceil(until - now())
    const failures = before + by
    const delay = delayAfter(rule, failures)
    if (failures <= 0) counts.delete(key)
    else keep(key, { failures, until: now() + delay, forgetAt: now() + delay + rule.forgetMs })
    return 0
  }

  return {
    begin: async (key, rule) => change(key, rule, 1),
    takeBack: async (key, rule) => void change(key, rule, -1),
    forget: async (key) => void counts.delete(key),
    remember: async (key, forMs) => keep(key, { failures: 1, until: 0, forgetAt: now() + forMs }),
    isRemembered: async (key) => find(key).failures > 0,
  }
}
