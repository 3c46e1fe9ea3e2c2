import type { Ttl } from '@comanda/cache'
import type { RouteCache, UnvalidatedRequest } from '@comanda/cache/responses'
import { cacheTags } from '@comanda/events'

/** Caches an answer about the cafeteria in the path until its catalogue changes. */
export function cachedByCafeteria(ttl: Ttl): RouteCache {
  return { ttl, tags: ({ params }) => [cacheTags.catalogue(params.cafeteriaId as string)], empty: true }
}

/** Caches a list that its query may narrow to a cafeteria. An empty list is not cached, because anybody can ask for any id of a cafeteria. */
export function cachedList(ttl: Ttl): RouteCache {
  return { ttl, tags: ({ query }) => [catalogueTag(query)] }
}

/** Caches a list as `cachedList` does, until a stock changes too. */
export function cachedStockList(ttl: Ttl): RouteCache {
  return {
    ttl,
    tags: ({ query }) => [
      catalogueTag(query),
      typeof query.cafeteriaId === 'string' ? cacheTags.stock(query.cafeteriaId) : cacheTags.everyStock,
    ],
    // Searches are not cached, because people hardly ever type the same text.
    key: ({ url, query }) => (query.q === undefined ? url : undefined),
  }
}

function catalogueTag({ cafeteriaId }: UnvalidatedRequest['query']): string {
  return typeof cafeteriaId === 'string' ? cacheTags.catalogue(cafeteriaId) : cacheTags.everyCatalogue
}
