import { type Static, Type } from 'typebox'
import type { Acknowledge, ClosingServerEvents } from './order-socket.ts'

/** The namespace of sockets that follow menus. What it tells is public, so a token is optional. */
export const catalogNamespace = '/catalog'

export const CatalogSubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type CatalogSubscription = Static<typeof CatalogSubscription>

/**
 * Something that customers see of a cafeteria is not what it was: itself, its hours, menu or slots. Whoever shows it reads it
 * again. How many of a product are left is only told when it comes to 0, or back.
 */
export const CatalogChanged = Type.Object(
  {
    cafeteriaId: Type.String({ format: 'uuid' }),
    version: Type.Integer({ minimum: 1, description: 'Grows with every change, in the order of commits' }),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'CatalogChanged' },
)
export type CatalogChanged = Static<typeof CatalogChanged>

export interface CatalogSubscribed {
  /** What is read over REST after the acknowledgement is of this version or a newer one. */
  version: number
}

/** What a client may send. Every event is acknowledged. */
export interface CatalogClientEvents {
  'catalog:subscribe': (wish: CatalogSubscription, acknowledge: Acknowledge<CatalogSubscribed>) => void
  'catalog:unsubscribe': (wish: CatalogSubscription, acknowledge: Acknowledge) => void
}

/**
 * What a client is sent, within seconds also when Redis lost it. Several changes may come as one, and one may come twice:
 * only a version above the highest that is known is news.
 */
export interface CatalogServerEvents extends ClosingServerEvents {
  'catalog:changed': (changed: CatalogChanged) => void
}
