import type { Order } from './orders.schema.ts'

export type OrderField = keyof Order

/** What Postgres answers for an order: every field as it is put into JSON. */
export type OrderRow = Readonly<Record<OrderField, string | number | null>>

interface Column {
  sql: string
  /** Whether it is text that goes between quotes: ours, never null, with nothing to escape. */
  quoted: boolean
}

const text = (sql: string): Column => ({ sql, quoted: true })
/** A number, or JSON; null is null. */
const json = (sql: string): Column => ({ sql, quoted: false })
const toJson = (column: string) => json(`to_json(orders.${column})::text`)

/** Kept as they are answered, but for orders of before migration 0019: those keep modifiers in snake_case. */
const items = `coalesce(orders.items::text, (select coalesce(json_agg(line), '[]')::text from (
    select id, product_id as "productId", name, quantity, unit_price_cents as "unitPriceCents", note, (
        select coalesce(jsonb_agg(jsonb_build_object('modifierId', chosen -> 'modifier_id', 'name', chosen -> 'name',
          'priceDeltaCents', chosen -> 'price_delta_cents')), '[]')
        from jsonb_array_elements(modifiers) chosen
      ) as modifiers
    from order_items where order_id = orders.id order by position
  ) line))`

const latestPayment = `(select concat('{"id":"', id, '","provider":', to_json(provider), ',"status":"', status,
      '","amountCents":', amount_cents, ',"refundedCents":', refunded_cents,
      ',"declineCode":', coalesce(to_json(decline_code), 'null'), '}')
    from payments where order_id = orders.id order by created_at desc limit 1)`

/** The members of an order (the schema `Order`), of the table or subquery `orders`. */
export const orderColumns: Record<OrderField, Column> = {
  id: text('orders.id'),
  status: text('orders.status'),
  version: json('orders.version'),
  cafeteriaId: text('orders.cafeteria_id'),
  userId: text('orders.user_id'),
  slotId: text('orders.slot_id'),
  items: json(items),
  totalCents: json('orders.total_cents'),
  currency: text('orders.currency'),
  paymentMethod: text('orders.payment_method'),
  payment: json(latestPayment),
  pickupAt: toJson('pickup_at'),
  pickupUntil: toJson('pickup_until'),
  promisedAt: toJson('promised_at'),
  pickupCode: text('orders.pickup_code'),
  qrPayload: text('qr_payload(orders)'),
  reason: toJson('reason'),
  deadlineAt: toJson('deadline_at'),
  createdAt: toJson('created_at'),
  updatedAt: toJson('updated_at'),
  placedAt: toJson('placed_at'),
  acceptedAt: toJson('accepted_at'),
  startedAt: toJson('started_at'),
  readyAt: toJson('ready_at'),
  closedAt: toJson('closed_at'),
}

/**
 * Writes orders, or the asked fields of them, as the API answers them: a JSON array. No serialiser filters or checks it: to take values
 * apart and together again took longer than all else that is done for a list. A test compares it with the schema.
 */
export function ordersJson(rows: readonly OrderRow[], fields: readonly OrderField[]): string {
  // What stands before each value, with the quote that ends the one before. Joined once: a string per step would be litter.
  const glue = fields.map((field, index) => {
    const before = fields[index - 1]
    const end = before === undefined ? '{' : orderColumns[before].quoted ? '",' : ','
    return `${end}"${field}":${orderColumns[field].quoted ? '"' : ''}`
  })
  const last = fields.at(-1)
  const end = last !== undefined && orderColumns[last].quoted ? '"}' : '}'
  const parts: (string | number)[] = []
  for (const row of rows) {
    parts.push(parts.length === 0 ? '[' : ',')
    for (let index = 0; index < fields.length; index += 1) {
      parts.push(glue[index] as string, row[fields[index] as OrderField] ?? 'null')
    }
    parts.push(end)
  }
  return rows.length === 0 ? '[]' : `${parts.join('')}]`
}
