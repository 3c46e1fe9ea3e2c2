import { createPool, type Pool, type PoolOptions } from './pool.ts'

export interface FollowingPool extends Pool {
  /**
   * Makes new connections to this URL, which may be the same as before when its name now resolves to another server. All old
   * connections are terminated, borrowed or not: their server may be gone, and if it is not, its commits no longer count.
   */
  moveTo: (url: string) => void
  /** Makes new connections to the same URL. Borrowed ones may finish, and are then closed. */
  renew: () => void
}

/** A pool to a server that changes. Callers that wait for a connection during a move get one to the new server. */
export function createFollowingPool(options: PoolOptions): FollowingPool {
  let { url } = options
  let current = createPool(options)
  const closing = new Set<Promise<void>>()

  function replace(how: 'cut' | 'retire'): void {
    const old = current
    current = createPool({ ...options, url })
    const closed = old[how]().finally(() => closing.delete(closed))
    closing.add(closed)
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
      replace('cut')
    },
    renew: () => replace('retire'),
    async end() {
      await Promise.all([...closing, current.end()])
    },
    async retire() {
      await Promise.all([...closing, current.retire()])
    },
    async cut() {
      await Promise.all([...closing, current.cut()])
    },
  }
}
