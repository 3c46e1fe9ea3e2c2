import type { Announcement } from '@comanda/cache'

/** How long changes are gathered, in milliseconds: others may see an old quantity for a tenth of a second. */
const gatherMs = 50

/** Gathers what many orders do to a cafeteria's quantities, so that a rush does not invalidate its menu for each of them. */
export interface QuantityChanges {
  /**
   * Has the cafeteria's stock invalidated within 50 ms, once for all calls until then. Resolves when a reader with the consistency
   * token of the change would see it.
   */
  note: (cafeteriaId: string) => Promise<void>
  /** Invalidates at once what was noted, and resolves when that is done. */
  close: () => Promise<void>
}

export interface GatherOptions {
  /** Announces that what is cached of a cafeteria's stock will be invalidated. */
  announce: (cafeteriaId: string) => Announcement
  /** Makes that invalidation; must not reject. */
  invalidate: (announcement: Announcement) => Promise<void>
}

/** Gathers for each cafeteria on its own. */
export function createQuantityChanges({ announce, invalidate }: GatherOptions): QuantityChanges {
  const waiting = new Map<string, { timer: NodeJS.Timeout; announcement: Announcement }>()
  return {
    note(cafeteriaId) {
      const noted = waiting.get(cafeteriaId)
      if (noted !== undefined) return noted.announcement.known
      const announcement = announce(cafeteriaId)
      const timer = setTimeout(() => {
        waiting.delete(cafeteriaId)
        void invalidate(announcement)
      }, gatherMs)
      waiting.set(cafeteriaId, { timer, announcement })
      return announcement.known
    },
    async close() {
      const left = [...waiting.values()]
      waiting.clear()
      for (const { timer } of left) clearTimeout(timer)
      await Promise.all(left.map(({ announcement }) => invalidate(announcement)))
    },
  }
}
