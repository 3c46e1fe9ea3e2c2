import type { AttemptCounts } from './attempt-counts.ts'
import { delayAfter } from './attempt-rules.ts'

interface Count {
  failures: number
  /** The end of the wait. */
  until: number
  forgetAt: number
}

/** How many keys one process keeps; the longest unused is forgotten first. */
const mostKeys = 20_000

/**
 * Counts in the memory of this process, for when Redis is away. `now` is any clock in milliseconds that only goes forward.
 */
export function localAttemptCounts(now: () => number = () => performance.now()): AttemptCounts {
  const counts = new Map<string, Count>()

  function find(key: string): Count | undefined {
    const known = counts.get(key)
    return known !== undefined && known.forgetAt > now() ? known : undefined
  }

  function keep(key: string, count: Count): void {
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > mostKeys) counts.delete(counts.keys().next().value as string)
  }

  return {
    async begin(key, rule) {
      const known = find(key)
      if (known !== undefined && known.until > now()) return Math.ceil(known.until - now())
      const failures = (known?.failures ?? 0) + 1
      const until = now() + delayAfter(rule, failures)
      const forgetAt = known === undefined ? until + rule.forgetMs : Math.max(known.forgetAt, until)
      keep(key, { failures, until, forgetAt })
      return 0
    },
    async confirm(key, rule) {
      const known = find(key)
      if (known === undefined) return
      const forgetAt = now() + delayAfter(rule, known.failures) + rule.forgetMs
      keep(key, { ...known, forgetAt })
    },
    async takeBack(key) {
      const known = find(key)
      if (known === undefined || known.failures <= 1) counts.delete(key)
      else keep(key, { ...known, failures: known.failures - 1, until: 0 })
    },
    forget: async (key) => void counts.delete(key),
    remember: async (key, forMs) => keep(key, { failures: 1, until: 0, forgetAt: now() + forMs }),
    isRemembered: async (key) => find(key) !== undefined,
  }
}
