import { randomUUID } from 'node:crypto'
import type { CoherenceRedis } from './scripts.ts'
import type { ConsistencyToken, Tag } from './tags.ts'

/** An invalidation that is to come, because changes are gathered. */
export interface Announcement {
  /**
   * Resolves when Redis knows of the announcement: every reader who names a position then gets what the source has, instead of what is
   * kept. It also resolves when Redis failed, because the client of the change must not wait for that; readers elsewhere may then get what
   * is kept until the invalidation reaches them. Never rejects. The client of the change may be answered then.
   */
  readonly known: Promise<void>
  /** Makes the invalidation, of all that was changed until now; to be called once. Never rejects. */
  invalidate: (options: { after: ConsistencyToken }) => Promise<void>
}

export interface AnnounceOptions {
  redis: CoherenceRedis
  /** Invalidates here at once; resolves to whether Redis knows. */
  invalidate: (tags: readonly Tag[], after: ConsistencyToken) => Promise<boolean>
  onFailure: (error: unknown) => void
}

/** Announces that tags will be invalidated: at once to this process, and to the others through Redis. */
export function announceInvalidation(
  tags: readonly Tag[],
  { redis, invalidate, onFailure }: AnnounceOptions,
): Announcement {
  const id = randomUUID()
  // A script works on one slot.
  const topics = [...Map.groupBy(tags, (tag) => tag.topic).values()].map((tags) =>
    tags.map((tag) => tag.announcedKey),
  )
  const inRedis = async (command: 'comandaCacheAnnounce' | 'comandaCacheWithdraw') => {
    const results = await Promise.allSettled(topics.map((keys) => redis[command](keys.length, ...keys, id)))
    for (const result of results) if (result.status === 'rejected') onFailure(result.reason)
  }
  for (const tag of tags) tag.announced++
  const known = inRedis('comandaCacheAnnounce')
  return {
    known,
    async invalidate({ after }) {
      const invalidating = invalidate(tags, after)
      for (const tag of tags) tag.announced--
      // While Redis does not know of the invalidation, readers elsewhere depend on its announcement, which expires.
      if (await invalidating) await inRedis('comandaCacheWithdraw')
    },
  }
}
