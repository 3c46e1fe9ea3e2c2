import { positionPattern, type ReadOptions } from '@comanda/database'
import { type Static, Type } from 'typebox'

export const consistencyHeader = 'x-consistency-token'

/** The headers of reads that a replica may answer. */
export const ConsistencyHeaders = Type.Object({
  [consistencyHeader]: Type.Optional(
    Type.String({
      pattern: positionPattern,
      description:
        'What a write answered in the header of this name: nothing older than that write is answered. `ffffffffffffffff` asks for the present',
    }),
  ),
})

/** The position that a read must have reached: that of its request or, when it loads the cache, that of the invalidation. */
export function readOptions(request: {
  headers: Static<typeof ConsistencyHeaders>
  leastPosition: string
}): ReadOptions {
  return { after: request.leastPosition || request.headers[consistencyHeader] }
}

/**
 * Chooses the node for what people read right after they have changed it, above all orders: a request without the token of a write
 * reads the primary, so that nobody misses their own change.
 */
export function ownNeed({ after }: ReadOptions): 'primary' | 'catalogue' {
  return after === undefined ? 'primary' : 'catalogue'
}
