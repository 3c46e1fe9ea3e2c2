import type { CoherenceRedis } from './scripts.ts'
import { raise, type Tag } from './tags.ts'

/** Reads what Redis says of tags, topic by topic. False when some could not be read; never rejects. */
export async function readGenerations(
  redis: CoherenceRedis,
  tags: readonly Tag[],
  onFailure: (error: unknown) => void,
): Promise<boolean> {
  const topics = [...Map.groupBy(tags, (tag) => tag.topic)]
  const results = await Promise.all(
    topics.map(async ([topic, tags]) => {
      // Should a change be missed while this is on its way, the answer may be from before it.
      const { epoch } = topic
      const keys = tags.map((tag) => tag.key)
      try {
        const values = await redis.comandaCacheReadGenerations(keys.length, ...keys)
        for (const [index, tag] of tags.entries()) {
          const [generation, minimum = ''] = (values[index] as string).split(' ')
          raise(tag, Number(generation), minimum)
          tag.epoch = epoch
        }
        return true
      } catch (error) {
        onFailure(error)
        return false
      }
    }),
  )
  return !results.includes(false)
}
