export { type BackoffLimits, defaultBackoff } from './backoff.ts'
export type { ConnectionState } from './link.ts'
export type { FeedBoard, FeedListener, Following, OrderListener } from './listeners.ts'
export { createRealtimeClient, type RealtimeClient, type RealtimeClientOptions } from './realtime-client.ts'
