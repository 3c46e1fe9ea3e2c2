import type { CoherenceRedis } from './scripts.ts'
import { raise, type Tag } from './tags.ts'

export interface ReadGenerationsOptions {
  /** Whether a tag whose invalidation is announced counts as one that could not be read. */
  refuseAnnounced: boolean
  onFailure: (error: unknown) => void
}

/** Reads what Redis says of tags, topic by topic. False when some could not be read; never rejects. */
export async function readGenerations(
  redis: CoherenceRedis,
  tags: readonly Tag[],
  { refuseAnnounced, onFailure }: ReadGenerationsOptions,
): Promise<boolean> {
  const topics = [...Map.groupBy(tags, (tag) => tag.topic)]
  const results = await Promise.all(
    topics.map(async ([topic, tags]) => {
      // Should a change be missed while this is on its way, the answer may be from before it.
      const { epoch } = topic
      const keys = tags.map((tag) => tag.key)
      if (refuseAnnounced) keys.push(...tags.map((tag) => tag.announcedKey))
      try {
        const values = await redis.comandaCacheReadGenerations(keys.length, ...keys, tags.length)
        for (const [index, tag] of tags.entries()) {
          const [generation, minimum = ''] = (values[index] as string).split(' ')
          raise(tag, Number(generation), minimum)
          tag.epoch = epoch
        }
        return values.slice(tags.length).every((announced) => announced === '0')
      } catch (error) {
        onFailure(error)
        return false
      }
    }),
  )
  return !results.includes(false)
}
