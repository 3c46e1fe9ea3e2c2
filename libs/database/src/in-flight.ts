/**
 * A set of what comes and goes all the time, few at once and the oldest first. It is an array because a Set that is filled and emptied
 * without end links each table that it gives up to the next, and V8's young collections keep what all of those held (ADR 14).
 */
export class InFlight<T> {
  readonly #items: T[] = []

  add(item: T): void {
    this.#items.push(item)
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    const index = this.#items.indexOf(item)
    if (index === -1) return false
    this.#items.splice(index, 1)
    return true
  }

  /** Removes and returns all. */
  takeAll(): T[] {
    return this.#items.splice(0)
  }
}
