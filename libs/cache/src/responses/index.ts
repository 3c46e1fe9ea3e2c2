export { type CachedResponsesOptions, cachedResponses } from './cached-responses.plugin.ts'
export type { RouteCache, RouteInvalidates, UnvalidatedRequest } from './route-cache.ts'
