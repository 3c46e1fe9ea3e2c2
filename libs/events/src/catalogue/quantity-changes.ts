/** Within the tenth of a second that others may see what was. */
const gatherMs = 50

/** Gathers what many orders take from the shown quantities of a cafeteria, so that a rush does not load its menu for each. */
export interface QuantityChanges {
  note: (cafeteriaId: string) => void
  /** Does what is left at once. */
  close: () => Promise<void>
}

export function createQuantityChanges(forget: (cafeteriaId: string) => Promise<void>): QuantityChanges {
  const waiting = new Map<string, NodeJS.Timeout>()
  return {
    note(cafeteriaId) {
      if (waiting.has(cafeteriaId)) return
      const timer = setTimeout(() => {
        waiting.delete(cafeteriaId)
        void forget(cafeteriaId)
      }, gatherMs)
      waiting.set(cafeteriaId, timer)
    },
    async close() {
      const left = [...waiting.keys()]
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
      await Promise.all(left.map(forget))
    },
  }
}
