import { setImmediate as endOfTurn } from 'node:timers/promises'

/**
 * Calls that come while one is under way wait for the next one, and share it. Unlike with an answer that is already under
 * way, what had happened before a call is always in what it gets; and however many calls there are, one asks at a time.
 */
export function shareNext<T>(ask: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | null = null

  async function begin(): Promise<T> {
    // A rejection was told to those who waited for it. The rest of this turn of the event loop may bring more calls.
    await current.catch(() => {})
    await endOfTurn()
    next = null
    const answer = ask()
    current = answer
    return answer
  }
  return () => (next ??= begin())
}
