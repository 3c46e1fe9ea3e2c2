import { AsyncLocalStorage } from 'node:async_hooks'

/** Where a request's time went, in milliseconds. Concurrent waits add up, so a part may exceed the total. */
export interface Timings {
  db: number
  cache: number
}

const current = new AsyncLocalStorage<Timings>()

/** Adds `milliseconds` to a part of the request that is being served; does nothing outside a request. */
export function addTiming(part: keyof Timings, milliseconds: number): void {
  const timings = current.getStore()
  if (timings !== undefined) timings[part] += milliseconds
}

/** The timings of the request that is being served, which also stand for that request; undefined outside of one. */
export function currentTimings(): Timings | undefined {
  return current.getStore()
}

/** Runs `next` so that `addTiming` inside it, and in everything it starts, counts for `timings`. */
export function withTimings(timings: Timings, next: () => void): void {
  current.run(timings, next)
}
