/** How long changes are gathered, in milliseconds: others may see an old quantity for a tenth of a second. */
const gatherMs = 50

/** Gathers what many orders do to a cafeteria's quantities, so that a rush does not invalidate its menu for each of them. */
export interface QuantityChanges {
  /** Has the cafeteria's stock invalidated within 50 ms, once for all calls until then. */
  note: (cafeteriaId: string) => void
  /** Invalidates at once what was noted, and resolves when that is done. */
  close: () => Promise<void>
}

/** @param invalidate forgets what is cached of a cafeteria's stock; must not reject */
export function createQuantityChanges(invalidate: (cafeteriaId: string) => Promise<void>): QuantityChanges {
  const waiting = new Map<string, NodeJS.Timeout>()
  return {
    note(cafeteriaId) {
      if (waiting.has(cafeteriaId)) return
      const timer = setTimeout(() => {
        waiting.delete(cafeteriaId)
        void invalidate(cafeteriaId)
      }, gatherMs)
      waiting.set(cafeteriaId, timer)
    },
    async close() {
      const left = [...waiting.keys()]
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
      await Promise.all(left.map(invalidate))
    },
  }
}
