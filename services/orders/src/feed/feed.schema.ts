import { FeedEntry } from '@comanda/events'
import { refTo } from '@comanda/service'
import { type Static, Type } from 'typebox'

export const ListFeed = Type.Object(
  {
    after: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'The last number that is known',
    }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'How many to answer' }),
  },
  { additionalProperties: false },
)

export const Feed = Type.Object(
  {
    data: Type.Array(refTo(FeedEntry), { maxItems: 100 }),
    newest: Type.Integer({
      minimum: 0,
      description:
        'The newest number of the feed, 0 when it is empty: there is more while it is above the last one in `data`',
    }),
  },
  { $id: 'Feed' },
)
export type Feed = Static<typeof Feed>

export const feedSchemas = [FeedEntry, Feed]
