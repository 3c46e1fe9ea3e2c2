import type { Database } from '@comanda/database'
import { callerOf, refTo, type Service } from '@comanda/service'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { ListOrderEvents, ListOrders, OrderEventList, OrderList } from './list-orders.schema.ts'
import { getVisibleOrder, listVisibleEvents, listVisibleOrders } from './list-orders.service.ts'
import { entityTag } from './order-version.ts'
import { Order, OrderParams } from './orders.schema.ts'

export function listOrderRoutes(app: Service, { database }: { database: Database }): void {
  app.get(
    '/v1/orders',
    {
      schema: {
        operationId: 'listOrders',
        summary: 'Orders, newest first',
        description:
          'Customers see their own, staff those of the cafeterias they work at (`mine=true` for their own), administrators all. Only the customer of an order reads its `pickupCode` and `qrPayload`; everybody calls it by its `number`.',
        tags: ['orders'],
        querystring: ListOrders,
        headers: ConsistencyHeaders,
        response: { 200: refTo(OrderList) },
      },
      config: {
        access: 'authenticated',
        errors: ['invalid_cursor', 'unknown_field', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const json = await listVisibleOrders(database, callerOf(request), request.query, readOptions(request))
      // Fastify sends text of this type as it is, without its serialiser.
      return reply.type('application/json; charset=utf-8').send(json as never)
    },
  )

  app.get(
    '/v1/orders/:orderId',
    {
      schema: {
        operationId: 'getOrder',
        summary: 'One order',
        tags: ['orders'],
        params: OrderParams,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Order) },
      },
      config: {
        access: 'authenticated',
        answerHeaders: ['etag'],
        errors: ['order_not_found', 'database_unavailable'],
      },
    },
    async (request, reply) => {
      const order = await getVisibleOrder(
        database,
        callerOf(request),
        request.params.orderId,
        readOptions(request),
      )
      reply.header('etag', entityTag(order))
      return order
    },
  )

  app.get(
    '/v1/orders/:orderId/events',
    {
      schema: {
        operationId: 'listOrderEvents',
        summary: 'What happened to an order after a version, oldest first, without gaps',
        tags: ['orders'],
        params: OrderParams,
        querystring: ListOrderEvents,
        headers: ConsistencyHeaders,
        response: { 200: refTo(OrderEventList) },
      },
      config: {
        access: 'authenticated',
        errors: ['order_not_found', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) =>
      listVisibleEvents(
        database,
        callerOf(request),
        { ...request.params, ...request.query },
        readOptions(request),
      ),
  )
}
