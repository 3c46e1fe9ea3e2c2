import type { Redis } from '../redis/create-redis.ts'

/** What a limiter says about one request, or one block of them. */
export interface Verdict {
  /** How many of the requests asked for are allowed; 0 when the limit is reached. */
  granted: number
  /** Requests in the window now, the granted ones included. */
  used: number
  /** Milliseconds until the oldest request leaves the window, when a place becomes free. */
  resetMs: number
}

/**
 * A sliding window, exact: a list of "time count" entries, oldest first, and their sum. Only granted requests are
 * written, so being refused does not prolong the wait. Redis' own clock is used unless a time is given (tests do), so
 * the clocks of processes do not matter. A grant may be partial; it never exceeds the limit.
 *
 * KEYS: list, sum (one hash tag, one slot). ARGV: window in ms, limit, wanted, time in ms or 0.
 */
const script = `
local window, limit, wanted, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local used = tonumber(redis.call('GET', KEYS[2]) or '0')
local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest do
  local at, count = string.match(oldest, '^(%d+) (%d+)$')
  if tonumber(at) > now - window then
    oldest = tonumber(at)
    break
  end
  used = used - count
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end
if not oldest then used = 0 end
local granted = math.max(0, math.min(wanted, limit - used))
if granted > 0 then
  used = used + granted
  redis.call('RPUSH', KEYS[1], string.format('%d %d', now, granted))
  redis.call('PEXPIRE', KEYS[1], window)
end
redis.call('SET', KEYS[2], used, 'PX', window)
return { granted, used, (oldest or now) + window - now }
`

interface ScriptedRedis {
  comandaSlidingWindow(list: string, sum: string, ...args: number[]): Promise<[number, number, number]>
}

/** Takes up to `wanted` requests for `key` from a window in Redis, in one round trip. Rejects when Redis does. */
export type SlidingWindow = (
  key: string,
  policy: { max: number; windowMs: number },
  wanted: number,
) => Promise<Verdict>

/** The window in Redis, under keys that begin with `prefix`. `now` is in milliseconds; 0 stands for the clock of Redis. */
export function redisSlidingWindow(redis: Redis, prefix: string, now: () => number = () => 0): SlidingWindow {
  if (!('comandaSlidingWindow' in redis))
    redis.defineCommand('comandaSlidingWindow', { numberOfKeys: 2, lua: script })
  const scripted = redis as unknown as ScriptedRedis
  return async (key, { max, windowMs }, wanted) => {
    const list = `${prefix}:limit:{${key}}`
    const [granted, used, resetMs] = await scripted.comandaSlidingWindow(
      list,
      `${list}:sum`,
      windowMs,
      max,
      wanted,
      now(),
    )
    return { granted, used, resetMs }
  }
}
