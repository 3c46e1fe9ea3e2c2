import { Nullable } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

const Count = Type.Integer({ minimum: 0 })
const Rate = Nullable(Type.Number({ minimum: 0, maximum: 1, description: 'Null: nothing was looked up yet' }))
const layer = { hits: Count, misses: Count, hitRate: Rate }

const PrefixStats = Type.Object({
  prefix: Type.String({ description: 'The operation whose answers these are' }),
  memory: Type.Object(layer),
  redis: Type.Object(layer),
  loads: Count,
  failedLoads: Count,
  averageLoadMs: Nullable(Type.Number({ minimum: 0 })),
  evictions: Count,
  entries: Count,
  bytes: Count,
})

export const CacheStats = Type.Object(
  {
    enabled: Type.Boolean(),
    hitRate: Type.Union([Rate], { description: 'The share of lookups that one of the two layers answered' }),
    memory: Type.Object({
      ...layer,
      entries: Count,
      bytes: Count,
      maxBytes: Count,
      averageBytes: Nullable(Count),
    }),
    redis: Type.Object({ ...layer, failures: Count }),
    loads: Count,
    failedLoads: Count,
    evictions: Type.Integer({ minimum: 0, description: 'Entries that left the memory for want of room' }),
    invalidations: Type.Object({ tag: Count, key: Count, pattern: Count }),
    pendingInvalidations: Type.Integer({ minimum: 0, description: 'What Redis has not taken yet' }),
    coherent: Type.Boolean({ description: 'Whether every change elsewhere would be noticed at once' }),
    prefixes: Type.Array(PrefixStats),
  },
  { $id: 'CacheStats' },
)

const Names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    description,
  })

export const CacheInvalidation = Type.Object(
  {
    tags: Type.Optional(Names('What answers depend on, as in `catalogue:<cafeteriaId>` or `settings`')),
    keys: Type.Optional(Names('The keys of single answers, as in `getMenu:<cafeteriaId>`')),
    pattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^*]*(\\*[^*]*){0,8}$',
        description:
          'A pattern of keys with at most eight stars, as Redis matches them: `listProducts:*`, or `*` for everything',
      }),
    ),
  },
  { $id: 'CacheInvalidation', additionalProperties: false, minProperties: 1 },
)
export type CacheInvalidation = Static<typeof CacheInvalidation>

export const CacheInvalidated = Type.Object(
  { removed: Type.Integer({ minimum: 0, description: 'How many keys matched the pattern in Redis' }) },
  { $id: 'CacheInvalidated' },
)

export const cacheSchemas = [CacheStats, CacheInvalidation, CacheInvalidated]
