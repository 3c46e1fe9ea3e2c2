import { positionPattern, type ReadNeed, type ReadOptions } from '@comanda/database'
import { type Static, Type } from 'typebox'

export const consistencyHeader = 'x-consistency-token'

/** Of reads that a replica may answer. */
export const ConsistencyHeaders = Type.Object({
  [consistencyHeader]: Type.Optional(
    Type.String({
      pattern: positionPattern,
      description:
        'What a write answered in the header of this name: nothing older than that write is answered. `ffffffffffffffff` asks for the present',
    }),
  ),
})

/** What a read must not miss: as its request says, and, when it is for the cache, what was invalidated. */
export function readOptions(request: {
  headers: Static<typeof ConsistencyHeaders>
  leastPosition: string
}): ReadOptions {
  return { after: request.leastPosition || request.headers[consistencyHeader] }
}

/**
 * For what people look at right after they have changed it, an order above all: who does not name the write reads the
 * primary, so that nobody misses what they have just done.
 */
export function ownNeed({ after }: ReadOptions): ReadNeed {
  return after === undefined ? 'primary' : 'catalogue'
}
