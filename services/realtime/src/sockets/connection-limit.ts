/** Limits how many connections there are per key, a user or an address. */
export interface ConnectionLimit {
  /** Counts one more, unless the limit is reached. Returns whether it was counted. */
  acquire: (key: string) => boolean
  release: (key: string) => void
}

export function createConnectionLimit(most: number): ConnectionLimit {
  const counts = new Map<string, number>()
  return {
    acquire(key) {
      const count = counts.get(key) ?? 0
      if (count >= most) return false
      counts.set(key, count + 1)
      return true
    },
    release(key) {
      const count = counts.get(key) ?? 0
      if (count > 1) counts.set(key, count - 1)
      else counts.delete(key)
    },
  }
}
