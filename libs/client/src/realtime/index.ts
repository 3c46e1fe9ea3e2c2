export { type BackoffLimits, defaultBackoff } from './backoff.ts'
export type { ConnectionState } from './link.ts'
export type {
  CatalogueListener,
  DashboardListener,
  FeedBoard,
  FeedListener,
  Following,
  OrderListener,
} from './listeners.ts'
export { createRealtimeClient, type RealtimeClient } from './realtime-client.ts'
export type { FollowFeedOptions, RealtimeClientOptions } from './realtime-options.ts'
