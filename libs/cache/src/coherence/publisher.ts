import type { CoherenceRedis } from './scripts.ts'
import { type ConsistencyToken, raise, type Tag } from './tags.ts'
import type { Topic } from './topic.ts'

/** For how long after it was counted a change is published again when a node of Redis lost its last writes. */
const republishMs = 10_000

/**
 * Publishes what was invalidated to Redis and every other process, and goes on trying when Redis is away, because nobody else
 * knows of it.
 */
export interface InvalidationPublisher {
  /** Resolves to whether Redis knows; never rejects. The tags have been raised here already. */
  publish(tags: readonly Tag[]): Promise<boolean>
  /** Publishes again what failed; called now and then. */
  retry(): Promise<void>
  /** Publishes the latest of the topic again at the next `retry`, because a node may have lost what it acknowledged. */
  republish(topic: Topic): void
  readonly pending: number
}

/** A publisher that hands what Redis refuses to `onFailure`, and keeps it for `retry`. */
export function createPublisher(
  redis: CoherenceRedis,
  onFailure: (error: unknown) => void,
): InvalidationPublisher {
  const pending = new Set<Tag>()
  /** When each was published last, the longest ago first. */
  const published = new Map<Tag, number>()

  async function publishTopic(topic: Topic, tags: readonly Tag[]): Promise<boolean> {
    const keys = [topic.sequenceKey, ...tags.map((tag) => tag.key)]
    const values = tags.flatMap((tag) => [tag.name, leastGeneration(tag), tag.minimum])
    try {
      const generations = await redis.comandaCacheRaiseGenerations(
        keys.length,
        ...keys,
        topic.channel,
        ...values,
      )
      for (const [index, tag] of tags.entries()) raise(tag, Number(generations[index]), tag.minimum)
    } catch (error) {
      for (const tag of tags) pending.add(tag)
      onFailure(error)
      return false
    }
    remember(tags)
    return true
  }

  function remember(tags: readonly Tag[]): void {
    const now = performance.now()
    for (const tag of tags) {
      published.delete(tag)
      published.set(tag, now)
    }
    for (const [tag, at] of published) {
      if (now - at < republishMs) break
      published.delete(tag)
    }
  }

  const publish = async (tags: readonly Tag[]) => {
    const byTopic = Map.groupBy(tags, (tag) => tag.topic)
    const results = await Promise.all([...byTopic].map(([topic, tags]) => publishTopic(topic, tags)))
    return !results.includes(false)
  }

  return {
    publish,
    async retry() {
      const tags = [...pending]
      pending.clear()
      await publish(tags)
    },
    republish(topic) {
      const since = performance.now() - republishMs
      for (const [tag, at] of published) if (tag.topic === topic && at > since) pending.add(tag)
    },
    get pending() {
      return pending.size
    },
  }
}

/** The generation that Redis has to reach at least; a tag that was forgotten meanwhile takes the clock's. */
function leastGeneration(tag: Tag): number {
  return Number.isFinite(tag.generation) ? tag.generation : clockMicroseconds()
}

function clockMicroseconds(): number {
  return Date.now() * 1000
}

/** Outdates what this process has of a tag, before Redis is asked: what it keeps and loads from now on is measured against this. */
export function raiseHere(tag: Tag, minimum: ConsistencyToken): void {
  raise(tag, Math.max(tag.generation + 1, clockMicroseconds()), minimum)
}
