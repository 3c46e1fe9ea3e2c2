import { type Static, Type } from 'typebox'
import type { Acknowledge, ClosingServerEvents } from './order-socket.ts'

/** The namespace of sockets that follow menus. What it publishes is public, so a token is optional. */
export const catalogueNamespace = '/catalog'

export const CatalogueSubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type CatalogueSubscription = Static<typeof CatalogueSubscription>

/**
 * Something that customers see of a cafeteria has changed: itself, its hours, menu or slots, or the configuration of the whole
 * installation. Whoever shows it reads it again. How many of a product are left is only published when it comes to 0, or back.
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
  /** Whatever is read over REST after the acknowledgement is of this version or a newer one. */
  version: number
}

/** The events that a client may send. Each is acknowledged. */
export interface CatalogueClientEvents {
  'catalog:subscribe': (wish: CatalogueSubscription, acknowledge: Acknowledge<CatalogueSubscribed>) => void
  'catalog:unsubscribe': (wish: CatalogueSubscription, acknowledge: Acknowledge) => void
}

/**
 * The events that a client receives, within seconds even when Redis lost one. Several changes may come as one, and one may
 * come twice: only a version above the highest known one is news.
 */
export interface CatalogueServerEvents extends ClosingServerEvents {
  'catalog:changed': (changed: CatalogueChanged) => void
}
