import type { Order } from './orders.schema.ts'

export type OrderField = keyof Order

/** What Postgres answers for an order: its fields, and those of its payment in place of `payment`. */
export type OrderRow = Readonly<
  Record<Exclude<OrderField, 'payment'> | PaymentColumn, string | number | null>
>

/**
 * How a value gets into JSON: `text` is ours, never null, with nothing to escape, and goes between quotes; so does a `time`, which may
 * be null; `json` is put as it is.
 */
type Kind = 'text' | 'time' | 'json'

interface Column {
  sql: string
  kind: Kind
}

const text = (sql: string): Column => ({ sql, kind: 'text' })
const time = (column: string): Column => ({ sql: `orders.${column}`, kind: 'time' })
/** A number, or JSON; null is null. */
const json = (sql: string): Column => ({ sql, kind: 'json' })

/** Kept as they are answered, but for orders of before migration 0019: those keep modifiers in snake_case. */
const items = `coalesce(orders.items::text, (select coalesce(json_agg(line), '[]')::text from (
    select id, product_id as "productId", name, quantity, unit_price_cents as "unitPriceCents", note, (
        select coalesce(jsonb_agg(jsonb_build_object('modifierId', chosen -> 'modifier_id', 'name', chosen -> 'name',
          'priceDeltaCents', chosen -> 'price_delta_cents')), '[]')
        from jsonb_array_elements(modifiers) chosen
      ) as modifiers
    from order_items where order_id = orders.id order by position
  ) line))`

/** The members of an order (the schema `Order`) but for its payment, of the table or subquery `orders`. */
const columns: Record<Exclude<OrderField, 'payment'>, Column> = {
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
  pickupAt: time('pickup_at'),
  pickupUntil: time('pickup_until'),
  promisedAt: time('promised_at'),
  pickupCode: text('orders.pickup_code'),
  qrPayload: text('qr_payload(orders.id, orders.pickup_code)'),
  reason: json('to_json(orders.reason)::text'),
  deadlineAt: time('deadline_at'),
  createdAt: time('created_at'),
  updatedAt: time('updated_at'),
  placedAt: time('placed_at'),
  acceptedAt: time('accepted_at'),
  startedAt: time('started_at'),
  readyAt: time('ready_at'),
  closedAt: time('closed_at'),
}

const paymentColumns = {
  paymentId: 'payment.id',
  paymentProvider: 'to_json(payment.provider)::text',
  paymentStatus: 'payment.status',
  paymentAmountCents: 'payment.amount_cents',
  paymentRefundedCents: 'payment.refunded_cents',
  paymentDeclineCode: 'to_json(payment.decline_code)::text',
} as const
type PaymentColumn = keyof typeof paymentColumns

/** The newest payment of an order; none makes all of its columns null. */
const latestPayment = `left join lateral (
    select * from payments where order_id = orders.id order by created_at desc limit 1
  ) payment on true`

/** What to select for some fields, and from what. What is not asked for is not touched. */
export function selectOrders(fields: readonly OrderField[]): string {
  const chosen = fields.flatMap((field) =>
    field === 'payment'
      ? Object.entries(paymentColumns).map(([name, sql]) => `${sql} as "${name}"`)
      : `${columns[field].sql} as "${field}"`,
  )
  return `select ${chosen.join(', ')} from orders ${fields.includes('payment') ? latestPayment : ''}`
}

/**
 * Writes orders, or the asked fields of them, as the API answers them: a JSON array. No serialiser filters or checks it: to take values
 * apart and together again took longer than all else that is done for a list. A test compares it with the schema.
 */
export function ordersJson(rows: readonly OrderRow[], fields: readonly OrderField[]): string {
  const kindOf = (field: OrderField | undefined): Kind =>
    field === undefined || field === 'payment' ? 'json' : columns[field].kind
  // What stands before each value, with the quote that ends the one before. Joined once: a string per step would be litter.
  const members = fields.map((field, index) => {
    const end = index === 0 ? '{' : kindOf(fields[index - 1]) === 'text' ? '",' : ','
    const kind = kindOf(field)
    return { field, kind, before: `${end}"${field}":${kind === 'text' ? '"' : ''}` }
  })
  const end = kindOf(fields.at(-1)) === 'text' ? '"}' : '}'
  const parts: (string | number)[] = []
  for (const row of rows) {
    parts.push(parts.length === 0 ? '[' : ',')
    for (const { field, kind, before } of members) {
      parts.push(before)
      if (field === 'payment') {
        pushPayment(parts, row)
        continue
      }
      const value = row[field]
      if (value === null) parts.push('null')
      else if (kind === 'time') parts.push('"', value, '"')
      else parts.push(value)
    }
    parts.push(end)
  }
  return rows.length === 0 ? '[]' : `${parts.join('')}]`
}

function pushPayment(parts: (string | number)[], row: OrderRow): void {
  if (row.paymentId === null) return void parts.push('null')
  parts.push('{"id":"', row.paymentId, '","provider":', row.paymentProvider as string)
  parts.push(',"status":"', row.paymentStatus as string, '","amountCents":', row.paymentAmountCents as number)
  parts.push(',"refundedCents":', row.paymentRefundedCents as number)
  parts.push(',"declineCode":', row.paymentDeclineCode ?? 'null', '}')
}
