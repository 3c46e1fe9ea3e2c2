import { Type } from 'typebox'

/** The variables of a service that caches; it spreads them into its own schema. */
export const cacheConfig = {
  CACHE: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off loads everything anew each time, to compare',
  }),
  CACHE_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    maximum: 4_294_967_296,
    default: 33_554_432,
    description: 'Bytes of answers that a process keeps; 0 keeps them in Redis only',
  }),
  CACHE_ENTRY_BYTES: Type.Integer({
    minimum: 1024,
    maximum: 67_108_864,
    default: 1_048_576,
    description: 'Largest answer in bytes that is cached',
  }),
  CACHE_ROUTE_BYTES: Type.Integer({
    minimum: 65_536,
    maximum: 4_294_967_296,
    default: 8_388_608,
    description:
      'Bytes of answers of one route that a process keeps in Redis; past them, the least recently stored go',
  }),
}

export interface CacheConfig {
  CACHE: 'on' | 'off'
  CACHE_MEMORY_BYTES: number
  CACHE_ENTRY_BYTES: number
  CACHE_ROUTE_BYTES: number
}
