import type { Codec } from '../codec.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { Ttl } from '../ttl.ts'

/** What a load is given, and may report. */
export interface LoadContext {
  /**
   * The load must not read from a server that has not replayed this position: what it invalidated would come back. '' when any
   * server will do.
   */
  minimum: ConsistencyToken
  /**
   * Reports that what is loaded changes by itself at a moment, in milliseconds since 1970: it is not served from then on. The
   * earliest of several counts.
   */
  changesAt: (moment: number) => void
}

export interface EntryOptions {
  /** What the entry depends on, known before the load so that no invalidation during the load is missed; nothing unless given. */
  tags?: readonly string[]
  /** How long Redis keeps the entry; the process keeps it five minutes at most. Half an hour unless given. */
  ttl?: Ttl
  /** For how long after that it may be served while it is loaded anew; a tenth of its time unless given. */
  staleSeconds?: number
  /** Whether an empty answer (null, undefined, no members) is kept too. */
  cacheEmpty?: boolean
  /** False for keys that only one client asks for: their loads need no lock across processes. */
  hot?: boolean
}

export interface EntryRequest<T> extends EntryOptions {
  key: string
  codec: Codec<T>
  load: (context: LoadContext) => Promise<T>
  /** Ask Redis whether an entry is current, because the caller may just have written through another process. */
  verified?: boolean
  /** The caller's own position, besides those of the tags. */
  minimum?: ConsistencyToken
}
