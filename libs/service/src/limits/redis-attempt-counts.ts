import type { Redis } from '../redis/create-redis.ts'
import type { AttemptCounts } from './attempt-counts.ts'
import type { AttemptRule } from './attempt-rules.ts'

/**
 * All scripts have one key, a hash of `failures` and `until`, the end of the wait in milliseconds on the clock of Redis. The scripts
 * that need a rule get its members as ARGV: free, first delay, longest delay, time to forget.
 */
const delayOf = `
local free, first, longest, forget = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function delayOf(failures)
  if failures <= free then return 0 end
  return math.min(longest, first * 2 ^ (failures - free - 1))
end
local function whole(number) return string.format('%d', number) end
`

/** A wait is refused without counting it, so asking again does not prolong it. */
const begin = `${delayOf}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = tonumber(redis.call('HGET', KEYS[1], 'until') or '0') - now
if wait > 0 then return wait end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local delay = delayOf(failures)
redis.call('HSET', KEYS[1], 'until', whole(now + delay))
redis.call('PEXPIRE', KEYS[1], whole(forget + delay), 'NX')
if delay > 0 then redis.call('PEXPIRE', KEYS[1], whole(delay), 'GT') end
return 0
`

const confirm = `${delayOf}
local failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or '0')
if failures > 0 then redis.call('PEXPIRE', KEYS[1], whole(forget + delayOf(failures))) end
return 0
`

const takeBack = `
if redis.call('HINCRBY', KEYS[1], 'failures', -1) <= 0 then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'until', 0)
end
return 0
`

interface ScriptedRedis {
  comandaBeginAttempt(key: string, ...rule: number[]): Promise<number>
  comandaConfirmAttempt(key: string, ...rule: number[]): Promise<number>
  comandaTakeBackAttempt(key: string): Promise<number>
}

/** The counts that all processes share, under keys that begin with `prefix`. Rejects when Redis does. */
export function redisAttemptCounts(redis: Redis, prefix: string): AttemptCounts {
  if (!('comandaBeginAttempt' in redis)) {
    redis.defineCommand('comandaBeginAttempt', { numberOfKeys: 1, lua: begin })
    redis.defineCommand('comandaConfirmAttempt', { numberOfKeys: 1, lua: confirm })
    redis.defineCommand('comandaTakeBackAttempt', { numberOfKeys: 1, lua: takeBack })
  }
  const scripted = redis as unknown as ScriptedRedis
  const name = (key: string) => `${prefix}:attempts:${key}`
  const args = (rule: AttemptRule) => [rule.free, rule.firstDelayMs, rule.longestDelayMs, rule.forgetMs]
  return {
    begin: (key, rule) => scripted.comandaBeginAttempt(name(key), ...args(rule)),
    async confirm(key, rule) {
      await scripted.comandaConfirmAttempt(name(key), ...args(rule))
    },
    async takeBack(key) {
      await scripted.comandaTakeBackAttempt(name(key))
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
