import { FeedEntry } from '@comanda/events'
import { refTo } from '@comanda/service'
import { type Static, Type } from 'typebox'
import { ConsistencyHeaders } from '../consistency/consistency.schema.ts'

export const ListFeed = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The last number that is known; without it, all that is kept is answered',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'How many to answer' }),
  },
  { additionalProperties: false },
)

/** The headers that a client sends by itself when it reconnects to a stream. */
export const FeedHeaders = Type.Object({
  ...ConsistencyHeaders.properties,
  'last-event-id': Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The last number that the client of a stream knows; it takes the place of `after`',
    }),
  ),
})

export const FeedStream = Type.String({
  description:
    'Server-sent events without end: `id` is the number, `data` a `FeedEntry` as JSON. A comment comes every 15 seconds. Before the service ends it, an event `closing` says why: `access_token_expired`, `session_revoked` or `draining`.',
})

export const Feed = Type.Object(
  {
    data: Type.Array(refTo(FeedEntry), { maxItems: 100 }),
    newest: Type.Integer({
      minimum: 0,
      description:
        'The newest number of the feed, 0 when it is empty: there is more while it is above the last one in `data`',
    }),
    oldest: Type.Integer({
      minimum: 1,
      description: 'The oldest number that is kept, or will be: what came before it is deleted',
    }),
  },
  { $id: 'Feed' },
)
export type Feed = Static<typeof Feed>

export const feedSchemas = [FeedEntry, Feed]
