import type { Snapshot } from '../coherence/snapshot.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'

/** A key on its way: looked for in Redis, or being loaded. */
export interface Flight {
  readonly key: string
  /** Taken when its load began; undefined before. */
  snapshot: Snapshot | undefined
  /** Its key was dropped meanwhile: it is of use only to those who wait for it already. */
  dropped: boolean
  promise: Promise<MemoryEntry> | undefined
}

type Work<R> = (flight: Flight) => Promise<R>

/** One load per key at a time in this process. */
export interface Flights {
  /** The one that a newcomer may join. */
  find(key: string): Flight | undefined
  begin(key: string, work: Work<MemoryEntry>): Promise<MemoryEntry>
  /** One that nobody may join, because it may come back with nothing. */
  beginAlone(key: string, work: Work<void>): Promise<void>
  drop(matches: string | ((key: string) => boolean)): void
  /** Resolves when none is left. */
  settle(): Promise<void>
}

export function createFlights(isOutdated: (snapshot: Snapshot) => boolean): Flights {
  /** With the promise that never rejects. */
  const all = new Map<Flight, Promise<unknown>>()
  const latest = new Map<string, Flight>()

  const create = (key: string): Flight => ({ key, snapshot: undefined, dropped: false, promise: undefined })

  function track<R>(flight: Flight, work: Work<R>): Promise<R> {
    const landing = work(flight).finally(() => {
      all.delete(flight)
      if (latest.get(flight.key) === flight) latest.delete(flight.key)
    })
    all.set(flight, Promise.allSettled([landing]))
    return landing
  }

  return {
    find(key) {
      const flight = latest.get(key)
      if (flight === undefined || flight.dropped) return undefined
      // What it brings may be from before a write that the newcomer has seen.
      return flight.snapshot !== undefined && isOutdated(flight.snapshot) ? undefined : flight
    },
    begin(key, work) {
      const flight = create(key)
      latest.set(key, flight)
      flight.promise = track(flight, work)
      return flight.promise
    },
    beginAlone: (key, work) => track(create(key), work),
    drop(matches) {
      const test = typeof matches === 'string' ? (key: string) => key === matches : matches
      for (const flight of all.keys()) if (test(flight.key)) flight.dropped = true
    },
    async settle() {
      while (all.size > 0) await Promise.all(all.values())
    },
  }
}
