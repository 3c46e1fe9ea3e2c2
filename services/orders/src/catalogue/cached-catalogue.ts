import type { Ttl } from '@comanda/cache'
import type { RouteCache, UnvalidatedRequest } from '@comanda/cache/responses'
import { cacheTags } from '@comanda/events'

/** An answer about the cafeteria of the path, until something of it is changed. */
export function cachedByCafeteria(ttl: Ttl): RouteCache {
  return { ttl, tags: ({ params }) => [cacheTags.catalogue(params.cafeteriaId as string)], empty: true }
}

/** A list that may be narrowed to a cafeteria by its query. Without members it is not kept: anybody can ask for any cafeteria. */
export function cachedList(ttl: Ttl): RouteCache {
  return { ttl, tags: ({ query }) => [catalogueTag(query)] }
}

/** The same, of what has a stock. */
export function cachedStockList(ttl: Ttl): RouteCache {
  return {
    ttl,
    tags: ({ query }) => [
      catalogueTag(query),
      typeof query.cafeteriaId === 'string' ? cacheTags.stock(query.cafeteriaId) : cacheTags.everyStock,
    ],
    // What people search for is as good as never the same.
    key: ({ url, query }) => (query.q === undefined ? url : undefined),
  }
}

function catalogueTag({ cafeteriaId }: UnvalidatedRequest['query']): string {
  return typeof cafeteriaId === 'string' ? cacheTags.catalogue(cafeteriaId) : cacheTags.everyCatalogue
}
