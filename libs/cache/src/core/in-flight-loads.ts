import type { Snapshot } from '../coherence/snapshot.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'

/** A key that is being read from Redis, or loaded. */
export interface InFlightLoad {
  readonly key: string
  /** What was known of the key when its load began; undefined before. */
  snapshot: Snapshot | undefined
  /** Its key was dropped meanwhile: it is of use only to those who wait for it already. */
  dropped: boolean
  promise: Promise<MemoryEntry> | undefined
}

type Work<R> = (inFlight: InFlightLoad) => Promise<R>

/** The in-flight loads of this process, one per key at a time. */
export interface InFlightLoads {
  /** The in-flight load that a newcomer may join. */
  find(key: string): InFlightLoad | undefined
  begin(key: string, work: Work<MemoryEntry>): Promise<MemoryEntry>
  /** Begins a load that nobody may join, because it may come back with nothing. */
  beginAlone(key: string, work: Work<void>): Promise<void>
  drop(matches: string | ((key: string) => boolean)): void
  /** Resolves when none is left. */
  settle(): Promise<void>
}

/** Keeps no result: a load is forgotten as soon as it is settled. `isOutdated` says whether newcomers must not join. */
export function createInFlightLoads(isOutdated: (snapshot: Snapshot) => boolean): InFlightLoads {
  /** Each in-flight load with a promise that never rejects. */
  const all = new Map<InFlightLoad, Promise<unknown>>()
  const latest = new Map<string, InFlightLoad>()

  const create = (key: string): InFlightLoad => ({
    key,
    snapshot: undefined,
    dropped: false,
    promise: undefined,
  })

  function track<R>(inFlight: InFlightLoad, work: Work<R>): Promise<R> {
    const loading = work(inFlight).finally(() => {
      all.delete(inFlight)
      if (latest.get(inFlight.key) === inFlight) latest.delete(inFlight.key)
    })
    all.set(inFlight, Promise.allSettled([loading]))
    return loading
  }

  return {
    find(key) {
      const inFlight = latest.get(key)
      if (inFlight === undefined || inFlight.dropped) return undefined
      // Its result may be from before a write that the newcomer has seen.
      return inFlight.snapshot !== undefined && isOutdated(inFlight.snapshot) ? undefined : inFlight
    },
    begin(key, work) {
      const inFlight = create(key)
      latest.set(key, inFlight)
      inFlight.promise = track(inFlight, work)
      return inFlight.promise
    },
    beginAlone: (key, work) => track(create(key), work),
    drop(matches) {
      const test = typeof matches === 'string' ? (key: string) => key === matches : matches
      for (const inFlight of all.keys()) if (test(inFlight.key)) inFlight.dropped = true
    },
    async settle() {
      while (all.size > 0) await Promise.all(all.values())
    },
  }
}
