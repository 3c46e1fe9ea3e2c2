import { setImmediate as endOfTick } from 'node:timers/promises'

/**
 * Coalesces concurrent calls: those that arrive while one is in flight wait for the next one, and share its result. They do not share
 * the one in flight, so a result always reflects what had happened before the call. At most one call of `run` is in flight at a time.
 * @param run its rejection is given to all who share the call
 */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | null = null

  async function begin(): Promise<T> {
    // A rejection was already given to those who waited for it.
    await current.catch(() => {})
    // More calls may come before this tick of the event loop ends.
    await endOfTick()
    next = null
    const result = run()
    current = result
    return result
  }
  return () => (next ??= begin())
}
