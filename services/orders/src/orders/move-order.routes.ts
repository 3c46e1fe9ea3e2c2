import type { MoveName } from '@comanda/ordering'
import { callerOf, eventOrigin, refTo, type Service } from '@comanda/service'
import { OptionalBody } from '@comanda/service/values'
import { type TSchema, Type } from 'typebox'
import { CancelOrder, CollectOrder, MoveHeaders, RejectOrder } from './move-order.schema.ts'
import { type MoveOrderDependencies, moveOrder } from './move-order.service.ts'
import { orderPayload } from './order-payload.ts'
import { expectedVersion } from './order-version.ts'
import { Order, OrderParams } from './orders.schema.ts'

interface MoveRoute {
  summary: string
  /** The least role that may make the move; `cancel` is the only move that customers may make too. */
  access: 'authenticated' | 'staff'
  body?: TSchema
  errors?: string[]
}

const NoBody = OptionalBody(Type.Object({}, { additionalProperties: false }))

const routes: Record<MoveName, MoveRoute> = {
  accept: { summary: 'Take the order on', access: 'staff' },
  reject: {
    summary: 'Turn the order down, with a reason; the money goes back',
    access: 'staff',
    body: refTo(RejectOrder),
  },
  start: { summary: 'Start preparing; from here the customer cannot cancel', access: 'staff' },
  ready: { summary: 'Ready to be picked up', access: 'staff' },
  recall: { summary: 'Back to the kitchen, shortly after ready', access: 'staff' },
  collect: {
    summary: 'Hand it over against the pick-up code',
    access: 'staff',
    body: refTo(CollectOrder),
    errors: ['wrong_pickup_code'],
  },
  cancel: {
    summary:
      'Cancel: the customer until preparation starts, staff at any time with a reason; the money goes back',
    access: 'authenticated',
    body: OptionalBody(refTo(CancelOrder)),
    errors: ['reason_required'],
  },
}

export function moveOrderRoutes(app: Service, dependencies: MoveOrderDependencies): void {
  for (const [move, { summary, access, body = NoBody, errors = [] }] of Object.entries(routes) as [
    MoveName,
    MoveRoute,
  ][]) {
    app.post(
      `/v1/orders/:orderId/${move}`,
      {
        schema: {
          operationId: `${move}Order`,
          summary,
          description:
            'Repeating a move changes nothing and answers 200. With `If-Match`, only from that version. `illegal_move` says the `orderStatus` and the `legalMoves` from there.',
          tags: ['orders'],
          params: OrderParams,
          headers: MoveHeaders,
          body,
          response: { 200: refTo(Order) },
        },
        config: {
          access,
          answerHeaders: ['etag'],
          errors: [
            'order_not_found',
            'move_forbidden',
            'illegal_move',
            'version_mismatch',
            'database_unavailable',
            ...errors,
          ],
        },
      },
      async (request, reply) => {
        const { reason, pickupCode } = (request.body ?? {}) as { reason?: string; pickupCode?: string }
        const answer = await moveOrder(dependencies, callerOf(request), {
          orderId: request.params.orderId,
          move,
          reason,
          pickupCode,
          expectedVersion: expectedVersion(request.headers['if-match']),
          requestId: eventOrigin(request),
        })
        return orderPayload(reply, answer)
      },
    )
  }
}
