import { type Static, Type } from 'typebox'
import type { Acknowledge, ClosingServerEvents } from './order-socket.ts'

/** The namespace of sockets that follow menus. What it tells is public, so a token is optional. */
export const catalogueNamespace = '/catalog'

export const CatalogueSubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type CatalogueSubscription = Static<typeof CatalogueSubscription>

/**
 * Something that customers see of a cafeteria is not what it was: itself, its hours, menu or slots. Whoever shows it reads it
 * again. How many of a product are left is only told when it comes to 0, or back.
 */
export const CatalogueChanged = Type.Object(
  {
    cafeteriaId: Type.String({ format: 'uuid' }),
    version: Type.Integer({ minimum: 1, description: 'Grows with every change, in the order of commits' }),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'CatalogueChanged' },
)
export type CatalogueChanged = Static<typeof CatalogueChanged>

export interface CatalogueSubscribed {
  /** What is read over REST after the acknowledgement is of this version or a newer one. */
  version: number
}

/** What a client may send. Every event is acknowledged. */
export interface CatalogueClientEvents {
  'catalog:subscribe': (wish: CatalogueSubscription, acknowledge: Acknowledge<CatalogueSubscribed>) => void
  'catalog:unsubscribe': (wish: CatalogueSubscription, acknowledge: Acknowledge) => void
}

/**
 * What a client is sent, within seconds also when Redis lost it. Several changes may come as one, and one may come twice:
 * only a version above the highest that is known is news.
 */
export interface CatalogueServerEvents extends ClosingServerEvents {
  'catalog:changed': (changed: CatalogueChanged) => void
}
