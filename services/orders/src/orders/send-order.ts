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

/** Answers with an order and its version as the `ETag`. */
export function sendOrder(reply: FastifyReply, { order, json }: OrderAnswer): FastifyReply {
  reply.header('etag', entityTag(order))
  return json === undefined ? reply.send(order) : reply.type('application/json; charset=utf-8').send(json)
}
