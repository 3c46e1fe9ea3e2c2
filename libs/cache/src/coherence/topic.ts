/**
 * What must be kept coherent is divided into topics. The keys of a topic share one slot of the cluster with its channel, so
 * that one script changes a generation, counts the change and publishes it.
 */
export interface Topic {
  /** Prefix of its keys, hash tag included. */
  readonly prefix: string
  readonly channel: string
  readonly sequenceKey: string
  /** The number of the newest change that is known here; undefined before the first poll. */
  sequence: number | undefined
  /** What Redis had counted at the last poll: a change up to here that has not arrived by the next poll was lost. */
  expected: number
  /** Goes up when a change was missed: what is known of its tags is then worth nothing. */
  epoch: number
  /** Until then, on the clock of `performance.now()`, a lost message would have been noticed. */
  liveUntil: number
}

const topicCount = 16

/** Milliseconds between polls of Redis. A message that is lost is noticed after one to two of these. */
export const pollMs = 500

/** For how many milliseconds after a poll a topic is believed. */
export const liveMs = 3 * pollMs

export interface Topics {
  readonly all: readonly Topic[]
  /** The topic of a tag or a key, by a hash of its text. */
  of(text: string): Topic
  /** The topic of patterns. */
  readonly bans: Topic
  byChannel(channel: string): Topic | undefined
}

/** `space` starts every key and channel, so that several fleets can share a cluster. */
export function createTopics(space: string): Topics {
  const hashed = Array.from({ length: topicCount }, (_, index) => createTopic(`${space}:{${space}-${index}}`))
  const bans = createTopic(`${space}:{${space}-bans}`)
  const all = [...hashed, bans]
  const channels = new Map(all.map((topic) => [topic.channel, topic]))
  return {
    all,
    bans,
    of: (text) => hashed[hashOf(text) % topicCount] as Topic,
    byChannel: (channel) => channels.get(channel),
  }
}

function createTopic(prefix: string): Topic {
  return {
    prefix,
    channel: `${prefix}:changes`,
    sequenceKey: `${prefix}:sequence`,
    sequence: undefined,
    expected: 0,
    epoch: 0,
    liveUntil: 0,
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
