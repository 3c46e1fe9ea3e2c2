const mostPending = 10_000

/** Keeps work that Redis refused and that coherence depends on, by name, so that the same is not kept twice; 10,000 at most. */
export function createRetries(onFailure: (error: unknown) => void) {
  const pending = new Map<string, () => Promise<void>>()

  /** Never rejects: what fails is tried again by `retry`. */
  async function attempt(name: string, work: () => Promise<void>): Promise<void> {
    pending.delete(name)
    try {
      await work()
    } catch (error) {
      if (pending.size < mostPending) pending.set(name, work)
      onFailure(error)
    }
  }

  return {
    attempt,
    async retry(): Promise<void> {
      const due = new Map(pending)
      for (const [name, work] of due) await attempt(name, work)
    },
    get pending() {
      return pending.size
    },
  }
}
