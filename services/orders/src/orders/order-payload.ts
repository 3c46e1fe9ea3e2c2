import type { FastifyReply } from 'fastify'
import { entityTag } from './order-version.ts'
import type { Order } from './orders.schema.ts'

/**
 * An order to answer with: with `json` as `order_answer` has written it in the database, which is sent as it is; without as an object
 * that its schema is still to write.
 */
export type OrderAnswer =
  | { order: Pick<Order, 'id' | 'version'>; json: string }
  | { order: Order; json?: undefined }

/**
 * What a handler returns to answer with an order, whose version becomes the `ETag`. It does not send by itself: writes still add the header
 * of their consistency token after their handler.
 */
export function orderPayload(reply: FastifyReply, { order, json }: OrderAnswer): Order {
  reply.header('etag', entityTag(order))
  if (json === undefined) return order
  reply.type('application/json; charset=utf-8')
  // Fastify sends a string of this type unchanged; the type of a route only knows the object.
  return json as unknown as Order
}
