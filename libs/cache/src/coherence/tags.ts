import { LRUCache } from 'lru-cache'
import type { Topic, Topics } from './topic.ts'

/**
 * A commit position as text, of which later ones sort later: a Postgres LSN as 16 hexadecimal digits, say. A load that
 * follows an invalidation reads no server that has not replayed it.
 */
export type ConsistencyToken = string

/** No position: any server will do. */
export const anyPosition: ConsistencyToken = ''

/** What this process knows of a tag. Entries point to it, so that comparing takes no lookup. */
export interface Tag {
  readonly name: string
  readonly topic: Topic
  readonly key: string
  /** Where Redis keeps which invalidations are announced. */
  readonly announcedKey: string
  /** How many invalidations this process has announced and not made yet. */
  announced: number
  /** Goes up with every invalidation, in microseconds of the clock of Redis; it never goes down. */
  generation: number
  /** The newest position that an invalidation came with. */
  minimum: ConsistencyToken
  /** The epoch of its topic in which the generation was read; another one means that it has to be read again. */
  epoch: number
}

const notRead = -1
const mostTags = 50_000

export interface TagRegistry {
  of(name: string): Tag
  /** Undefined when nothing here depends on the tag. */
  known(name: string): Tag | undefined
}

/** Keeps 50,000 tags. The longest unused are forgotten, and entries that have one are then outdated. */
export function createTagRegistry(topics: Topics): TagRegistry {
  const tags = new LRUCache<string, Tag>({
    // Not `max`: room for that many would be made at once, 1 MB of it.
    maxSize: mostTags,
    sizeCalculation: () => 1,
    dispose: (tag) => void (tag.generation = Number.POSITIVE_INFINITY),
  })
  return {
    known: (name) => tags.get(name),
    of(name) {
      const known = tags.get(name)
      if (known !== undefined) return known
      const topic = topics.of(name)
      const tag: Tag = {
        name,
        topic,
        key: `${topic.prefix}:generation:${name}`,
        announcedKey: `${topic.prefix}:announced:${name}`,
        announced: 0,
        generation: 0,
        minimum: anyPosition,
        epoch: notRead,
      }
      tags.set(name, tag)
      return tag
    },
  }
}

/** Whether the generation is known without asking Redis; `now` is on the clock of `performance.now()`. */
export function isKnown(tag: Tag, now: number): boolean {
  return tag.epoch === tag.topic.epoch && now < tag.topic.liveUntil
}

/** Takes over a generation and a position unless newer ones are known: neither ever goes down. */
export function raise(tag: Tag, generation: number, minimum: ConsistencyToken): void {
  if (generation > tag.generation) tag.generation = generation
  if (minimum > tag.minimum) tag.minimum = minimum
}
