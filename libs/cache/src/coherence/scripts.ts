import type { Cluster } from 'ioredis'

/** Longer than any entry lives, so that a generation outlives every entry that it could outdate. */
const keptSeconds = 50 * 3600

/** For so long an announcement is believed when the process that made it has died. */
const announcedSeconds = 10

/** Older bans are forgotten, together with everything that was loaded before them. */
export const mostBans = 128

/** Counts a change of a topic and publishes it to the topic's channel, in the same step as the change. Numbers are text: JSON would round them. */
const announce = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function announce(sequenceKey, channel, kind, what)
  local previous = redis.call('GET', sequenceKey) or '0'
  local sequence = string.format('%.0f', math.max(previous + 1, now))
  redis.call('SET', sequenceKey, sequence)
  redis.call('SPUBLISH', channel, cjson.encode({ previous = previous, sequence = sequence, [kind] = what }))
  return sequence
end
`

/**
 * KEYS: generations, and as many announcements when those are asked for. ARGV: how many generations. Returns "generation minimum"
 * for each, and how many invalidations are announced for each. A generation that is not there (new, expired, evicted, lost) begins
 * now: whatever depends on it is older than what is known, and outdated.
 */
const readGenerations = `
local found = {}
local time = redis.call('TIME')
for index, key in ipairs(KEYS) do
  if index <= tonumber(ARGV[1]) then
    local value = redis.call('GET', key)
    if not value then
      value = string.format('%.0f ', time[1] * 1000000 + time[2])
      redis.call('SET', key, value, 'EX', ${keptSeconds})
    end
    found[index] = value
  else
    found[index] = tostring(redis.call('ZCOUNT', key, time[1], '+inf'))
  end
end
return found
`

/** KEYS: announcements. ARGV: the id of the new one. */
const announceInvalidation = `
local time = redis.call('TIME')
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, time[1] + ${announcedSeconds}, ARGV[1])
  redis.call('EXPIRE', key, ${2 * announcedSeconds})
end
`

/** KEYS: announcements. ARGV: the id of one that has become true. */
const withdrawAnnouncement = `
for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end
`

/** KEYS: sequence, generations. ARGV: channel, then name, least generation and minimum of each. Returns the generations. */
const raiseGenerations = `${announce}
local tags, generations = {}, {}
for index = 2, #KEYS do
  local name, least, minimum = ARGV[3 * index - 4], tonumber(ARGV[3 * index - 3]), ARGV[3 * index - 2]
  local was, had = string.match(redis.call('GET', KEYS[index]) or '0 ', '^(%d+) (.*)$')
  if had > minimum then minimum = had end
  local generation = string.format('%.0f', math.max(was + 1, least, now))
  redis.call('SET', KEYS[index], generation .. ' ' .. minimum, 'EX', ${keptSeconds})
  tags[index - 1] = { name, generation, minimum }
  generations[index - 1] = generation
end
announce(KEYS[1], ARGV[1], 'tags', tags)
return generations
`

/** KEYS: sequence. ARGV: channel, entry key. */
const announceKey = `${announce}
return announce(KEYS[1], ARGV[1], 'key', ARGV[2])
`

/** KEYS: sequence, bans. ARGV: channel, pattern. Its sequence is the ban's number. */
const addBan = `${announce}
local sequence = announce(KEYS[1], ARGV[1], 'pattern', ARGV[2])
redis.call('RPUSH', KEYS[2], sequence .. ' ' .. ARGV[2])
redis.call('LTRIM', KEYS[2], -${mostBans}, -1)
redis.call('EXPIRE', KEYS[2], ${keptSeconds})
return sequence
`

/** KEYS: sequence, bans. Returns both, and 1 when older bans may have been left out. */
const readBans = `
local bans = redis.call('LRANGE', KEYS[2], 0, -1)
return { redis.call('GET', KEYS[1]) or '0', bans, #bans >= ${mostBans} and 1 or 0 }
`

export interface CoherenceRedis {
  comandaCacheReadGenerations(keyCount: number, ...keysAndCount: (string | number)[]): Promise<string[]>
  comandaCacheAnnounce(keyCount: number, ...keysAndId: string[]): Promise<null>
  comandaCacheWithdraw(keyCount: number, ...keysAndId: string[]): Promise<null>
  comandaCacheRaiseGenerations(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string[]>
  comandaCacheAnnounceKey(sequenceKey: string, channel: string, key: string): Promise<string>
  comandaCacheAddBan(sequenceKey: string, bans: string, channel: string, pattern: string): Promise<string>
  comandaCacheReadBans(sequenceKey: string, bans: string): Promise<[string, string[], number]>
}

/** Defines the scripts on the client, once per client, and returns it with their types. */
export function withCoherenceScripts(redis: Cluster): Cluster & CoherenceRedis {
  if (!('comandaCacheReadGenerations' in redis)) {
    redis.defineCommand('comandaCacheReadGenerations', { lua: readGenerations })
    redis.defineCommand('comandaCacheAnnounce', { lua: announceInvalidation })
    redis.defineCommand('comandaCacheWithdraw', { lua: withdrawAnnouncement })
    redis.defineCommand('comandaCacheRaiseGenerations', { lua: raiseGenerations })
    redis.defineCommand('comandaCacheAnnounceKey', { numberOfKeys: 1, lua: announceKey })
    redis.defineCommand('comandaCacheAddBan', { numberOfKeys: 2, lua: addBan })
    redis.defineCommand('comandaCacheReadBans', { numberOfKeys: 2, lua: readBans })
  }
  return redis as Cluster & CoherenceRedis
}
