import { createPool, type Pool, type PoolOptions } from './pool.ts'

export interface FollowingPool extends Pool {
  /**
   * From now on connections lead to this URL, which may be the same as before and lead elsewhere. Those to the old server
   * are cut, in use or not: it may be gone without a word, and if it is not, what it promises no longer counts.
   */
  moveTo: (url: string) => void
  /** From now on connections are new ones. Those in use are not returned to, and not cut. */
  renew: () => void
}

/** A pool to a server that changes. Who waits for a connection during a move gets one to the new server. */
export function createFollowingPool(options: PoolOptions): FollowingPool {
  let { url } = options
  let current = createPool(options)
  const left = new Set<Promise<void>>()

  function leave(how: 'cut' | 'retire'): void {
    const old = current
    current = createPool({ ...options, url })
    const gone = old[how]().finally(() => left.delete(gone))
    left.add(gone)
  }

  return {
    async connect() {
      for (;;) {
        const pool = current
        try {
          return await pool.connect()
        } catch (error) {
          // Nothing has been sent yet, so another try cannot do anything twice.
          if (pool === current) throw error
        }
      }
    },
    options: {},
    size: () => current.size(),
    moveTo(next) {
      url = next
      leave('cut')
    },
    renew: () => leave('retire'),
    async end() {
      await Promise.all([...left, current.end()])
    },
    async retire() {
      await Promise.all([...left, current.retire()])
    },
    async cut() {
      await Promise.all([...left, current.cut()])
    },
  }
}
