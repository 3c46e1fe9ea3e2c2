/**
 * A set of short-lived items, oldest first, few at any moment. It is an array because a Set that is filled and emptied all the time
 * links each table that it outgrows to the next, and V8's young collections keep what all of those held (ADR 14).
 */
export class InFlight<T> {
  readonly #items: T[] = []

  add(item: T): void {
    this.#items.push(item)
  }

  /** Returns whether the item was in the set. */
  delete(item: T): boolean {
    const index = this.#items.indexOf(item)
    if (index === -1) return false
    this.#items.splice(index, 1)
    return true
  }

  /** Removes and returns all items. */
  takeAll(): T[] {
    return this.#items.splice(0)
  }
}
