import { randomUUID } from 'node:crypto'
import { startLoop } from '@comanda/loops'
import type { Cluster } from 'ioredis'
import { type Announcement, announceInvalidation } from './announcements.ts'
import { type Bans, createBans } from './bans.ts'
import { globTest } from './glob.ts'
import { createPublisher, raiseHere } from './publisher.ts'
import { readGenerations } from './read-generations.ts'
import { createRetries } from './retries.ts'
import { withCoherenceScripts } from './scripts.ts'
import { isUsable, type Snapshot, standingOf, takeSnapshot } from './snapshot.ts'
import { anyPosition, type ConsistencyToken, createTagRegistry, isKnown, raise, type Tag } from './tags.ts'
import { createTopics, pollMs, type Topic } from './topic.ts'
import { createWatch, type Invalidation } from './watch.ts'

export interface CoherenceOptions {
  redis: Cluster
  subscriber: Cluster
  space: string
  /** A key, or every key that a test accepts, is to be dropped here and now. */
  onDrop: (matches: string | ((key: string) => boolean)) => void
  onFailure: (error: unknown) => void
}

/** Knows what was invalidated, here and elsewhere, and what an entry that was loaded earlier is still worth. */
export interface Coherence {
  /** Asks Redis for what is not known of tags and patterns. False when something remains unknown, because Redis is away. */
  read(names: readonly string[]): Promise<boolean>
  /** Asks Redis for all of it again. False also when an invalidation of a tag is announced, here or elsewhere. */
  verify(names: readonly string[]): Promise<boolean>
  /** What the key depends on as it is known now; taken before a load, and kept with what it gives. */
  snapshot(key: string, names: readonly string[]): Snapshot
  /** Rebuilds a snapshot that another process took. */
  restore(key: string, names: readonly string[], generations: readonly number[], ban: number): Snapshot
  isUsable(snapshot: Snapshot, now: number): boolean
  isOutdated: (snapshot: Snapshot) => boolean
  /** The newest position that invalidations of the tags came with. */
  minimumOf(names: readonly string[]): ConsistencyToken
  /** Synchronous for this process; resolves when Redis knows, or has failed to answer. */
  invalidateTags(names: readonly string[], after: ConsistencyToken): Promise<void>
  /** Announces that tags will be invalidated. Synchronous for this process. */
  announce(names: readonly string[]): Announcement
  /** Drops a key everywhere, after `work`, which changes it in Redis. Both are tried again later when Redis is away. */
  changeKey(key: string, work: () => Promise<void>): Promise<void>
  /** Drops what matches a pattern of Redis, everywhere, as well as what is being loaded. */
  ban(pattern: string): Promise<void>
  /** Resolves after the first poll of Redis that succeeds. */
  readonly firstPoll: Promise<void>
  /** Whether every change by another process would be noticed. */
  isLive(): boolean
  /** Invalidations that Redis does not know yet. */
  readonly pending: number
  close(): Promise<void>
}

/** Subscribes to the channels of all topics and polls Redis every 500 ms, until it is closed. */
export function createCoherence({
  redis,
  subscriber,
  space,
  onDrop,
  onFailure,
}: CoherenceOptions): Coherence {
  const scripted = withCoherenceScripts(redis)
  const topics = createTopics(space)
  const registry = createTagRegistry(topics)
  const bans: Bans = createBans(topics.bans, scripted)
  const publisher = createPublisher(scripted, onFailure)
  const origin = randomUUID()
  const retries = createRetries(onFailure)
  const tagsOf = (names: readonly string[]) => names.map((name) => registry.of(name))

  const watch = createWatch({ topics, redis, subscriber, onChange, onMissed, onFailure })

  function onChange(sequence: number, change: Invalidation) {
    for (const [name, generation, minimum] of change.tags ?? []) {
      const tag = registry.known(name)
      if (tag !== undefined) raise(tag, Number(generation), minimum)
    }
    if (change.key !== undefined && !change.key.startsWith(`${origin} `)) {
      onDrop(change.key.slice(change.key.indexOf(' ') + 1))
    }
    if (change.pattern !== undefined) bans.add(sequence, change.pattern)
  }

  function onMissed(topic: Topic) {
    if (topic !== topics.bans) return publisher.republish(topic)
    bans.distrust()
    bans.read().catch(onFailure)
  }

  const firstPoll = Promise.withResolvers<void>()
  async function poll(): Promise<void> {
    // Not connected (yet): whoever made the client has said so, and nothing is learnt by trying.
    if (redis.status !== 'ready') return
    if (await watch.poll()) firstPoll.resolve()
    if (!bans.areKnown(performance.now())) await bans.read().catch(onFailure)
    await publisher.retry()
    await retries.retry()
  }

  function fail(error: unknown) {
    onFailure(error)
    return false
  }

  const polling = startLoop({ run: poll, intervalMilliseconds: pollMs, onFailure })
  // A start does not have to wait for the next poll.
  redis.on('ready', polling.wake)

  async function readTags(tags: readonly Tag[], refuseAnnounced: boolean): Promise<boolean> {
    const bansKnown = bans.areKnown(performance.now())
    if (tags.length === 0 && bansKnown) return true
    const results = await Promise.all([
      readGenerations(scripted, tags, { refuseAnnounced, onFailure }),
      bansKnown || bans.read().then(() => true, fail),
    ])
    return !results.includes(false)
  }

  /** Resolves to whether Redis knows. */
  function invalidate(tags: readonly Tag[], after: ConsistencyToken): Promise<boolean> {
    for (const tag of tags) raiseHere(tag, after)
    return publisher.publish(tags)
  }

  return {
    read(names) {
      const now = performance.now()
      return readTags(
        tagsOf(names).filter((tag) => !isKnown(tag, now)),
        false,
      )
    },
    async verify(names) {
      const tags = tagsOf(names)
      if (tags.some(({ announced }) => announced > 0)) return false
      return readTags(tags, true)
    },
    snapshot: (key, names) => takeSnapshot(key, topics.of(key), tagsOf(names), bans.newest()),
    restore: (key, names, generations, ban) => ({
      ...takeSnapshot(key, topics.of(key), tagsOf(names), ban),
      generations,
    }),
    isUsable: (snapshot, now) => isUsable(snapshot, bans, now),
    isOutdated: (snapshot) => standingOf(snapshot, bans, performance.now()) === 'outdated',
    minimumOf: (names) =>
      tagsOf(names).reduce((newest, { minimum }) => (minimum > newest ? minimum : newest), anyPosition),
    async invalidateTags(names, after) {
      await invalidate(tagsOf([...new Set(names)]), after)
    },
    announce: (names) =>
      announceInvalidation(tagsOf([...new Set(names)]), { redis: scripted, invalidate, onFailure }),
    changeKey(key, work) {
      onDrop(key)
      const { sequenceKey, channel } = topics.of(key)
      return retries.attempt(`key ${key}`, async () => {
        await work()
        await scripted.comandaCacheAnnounceKey(sequenceKey, channel, `${origin} ${key}`)
      })
    },
    ban(pattern) {
      onDrop(globTest(pattern))
      const { sequenceKey, channel } = topics.bans
      return retries.attempt(`pattern ${pattern}`, async () => {
        const number = await scripted.comandaCacheAddBan(sequenceKey, bans.listKey, channel, pattern)
        bans.add(Number(number), pattern)
      })
    },
    firstPoll: firstPoll.promise,
    isLive: () => topics.all.every((topic) => performance.now() < topic.liveUntil),
    get pending() {
      return publisher.pending + retries.pending
    },
    async close() {
      redis.off('ready', polling.wake)
      await polling.stop()
      watch.close()
    },
  }
}
