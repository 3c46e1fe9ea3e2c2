import type { CoherenceRedis } from './scripts.ts'
import { type ConsistencyToken, raise, type Tag } from './tags.ts'
import type { Topic } from './topic.ts'

/** For how long after it was counted a change is told again when a node of Redis lost its last writes. */
const retoldMs = 10_000

/**
 * Tells Redis and with it every process what was invalidated, and goes on trying when Redis is away: this process alone knows.
 */
export interface Changes {
  /** Resolves to whether Redis knows; never rejects. The tags have been raised here already. */
  tell(tags: readonly Tag[]): Promise<boolean>
  /** Tells again what failed; called now and then. */
  retry(): Promise<void>
  /** A node may have lost what it acknowledged: tells the latest of the topic again. */
  retell(topic: Topic): void
  readonly pending: number
}

export function createChanges(redis: CoherenceRedis, onFailure: (error: unknown) => void): Changes {
  const pending = new Set<Tag>()
  /** When each was told last, the longest ago first. */
  const told = new Map<Tag, number>()

  async function tellTopic(topic: Topic, tags: readonly Tag[]): Promise<boolean> {
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
      told.delete(tag)
      told.set(tag, now)
    }
    for (const [tag, at] of told) {
      if (now - at < retoldMs) break
      told.delete(tag)
    }
  }

  const tell = async (tags: readonly Tag[]) => {
    const byTopic = Map.groupBy(tags, (tag) => tag.topic)
    const results = await Promise.all([...byTopic].map(([topic, tags]) => tellTopic(topic, tags)))
    return !results.includes(false)
  }

  return {
    tell,
    async retry() {
      const tags = [...pending]
      pending.clear()
      await tell(tags)
    },
    retell(topic) {
      const since = performance.now() - retoldMs
      for (const [tag, at] of told) if (tag.topic === topic && at > since) pending.add(tag)
    },
    get pending() {
      return pending.size
    },
  }
}

/** A tag that was forgotten meanwhile is above everything. */
function leastGeneration(tag: Tag): number {
  return Number.isFinite(tag.generation) ? tag.generation : clockMicroseconds()
}

function clockMicroseconds(): number {
  return Date.now() * 1000
}

/** Before Redis is asked: what this process keeps and loads from now on is measured against it. */
export function raiseHere(tag: Tag, minimum: ConsistencyToken): void {
  raise(tag, Math.max(tag.generation + 1, clockMicroseconds()), minimum)
}
