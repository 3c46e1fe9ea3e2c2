import type { ConsistencyToken } from '../coherence/tags.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import type { EntryRequest } from './entry-request.ts'

type Load = <T>(request: EntryRequest<T>) => Promise<MemoryEntry<T>>

/** A load that begins when the one before it ends. */
interface NextLoad {
  /** The newest position that one of those who wait for it has named. */
  minimum: ConsistencyToken
  promise: Promise<MemoryEntry>
}

/** The loads of one key: the one under way, and the one that begins after it. */
interface Line {
  running: Promise<unknown>
  next: NextLoad | undefined
}

/** Loads for readers who must see their own write. */
export interface FreshLoads {
  load: Load
  /** Resolves when none is left. */
  settle(): Promise<void>
}

/**
 * One load per key at a time, each begun after everybody who gets it has asked: whoever comes while one is under way shares the next. So
 * a rush of readers costs as many loads as fit into the time, not one each.
 */
export function createFreshLoads(loadNow: Load): FreshLoads {
  const lines = new Map<string, Line>()

  function begin<T>(line: Line, request: EntryRequest<T>): Promise<MemoryEntry<T>> {
    const loading = loadNow(request)
    line.running = loading.then(
      () => leave(line, request.key),
      () => leave(line, request.key),
    )
    return loading
  }

  function leave(line: Line, key: string): void {
    if (line.next === undefined) lines.delete(key)
  }

  function waitFor<T>(line: Line, request: EntryRequest<T>): NextLoad {
    const promise: Promise<MemoryEntry> = line.running.then(() => {
      line.next = undefined
      return begin(line, { ...request, minimum: next.minimum })
    })
    const next: NextLoad = { minimum: '', promise }
    return next
  }

  return {
    load<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>> {
      const { key, minimum = '' } = request
      const line = lines.get(key)
      if (line === undefined) {
        const created: Line = { running: Promise.resolve(), next: undefined }
        lines.set(key, created)
        return begin(created, request)
      }
      const next = (line.next ??= waitFor(line, request))
      if (minimum > next.minimum) next.minimum = minimum
      return next.promise as Promise<MemoryEntry<T>>
    },
    async settle() {
      while (lines.size > 0) await Promise.all([...lines.values()].map(({ running }) => running))
    },
  }
}
