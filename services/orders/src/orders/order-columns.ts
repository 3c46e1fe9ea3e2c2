import { type Order, orderFields } from './orders.schema.ts'

export type OrderField = keyof Order

/** Fields that are put together here, of the columns of others. */
type ComposedField = 'payment' | 'qrPayload'

/** What Postgres answers for an order. */
export type OrderRow = Readonly<
  Record<Exclude<OrderField, ComposedField> | PaymentColumn, string | number | null>
>

/**
 * How a value gets into JSON: `plain` is text of ours, never null, with nothing to escape, and goes between quotes; so does a `time`,
 * which may be null; `text` is anybody's, or null; `json` is put as it is, a number for example.
 */
type Kind = 'plain' | 'time' | 'text' | 'json'

const columns: Record<Exclude<OrderField, ComposedField>, [column: string, kind: Kind]> = {
  id: ['id', 'plain'],
  status: ['status', 'plain'],
  version: ['version', 'json'],
  cafeteriaId: ['cafeteria_id', 'plain'],
  userId: ['user_id', 'plain'],
  slotId: ['slot_id', 'plain'],
  items: ['items', 'json'],
  totalCents: ['total_cents', 'json'],
  currency: ['currency', 'plain'],
  paymentMethod: ['payment_method', 'plain'],
  pickupAt: ['pickup_at', 'time'],
  pickupUntil: ['pickup_until', 'time'],
  promisedAt: ['promised_at', 'time'],
  pickupCode: ['pickup_code', 'plain'],
  reason: ['reason', 'text'],
  deadlineAt: ['deadline_at', 'time'],
  createdAt: ['created_at', 'time'],
  updatedAt: ['updated_at', 'time'],
  placedAt: ['placed_at', 'time'],
  acceptedAt: ['accepted_at', 'time'],
  startedAt: ['started_at', 'time'],
  readyAt: ['ready_at', 'time'],
  closedAt: ['closed_at', 'time'],
}

const paymentColumns = {
  paymentId: 'id',
  paymentProvider: 'provider',
  paymentStatus: 'status',
  paymentAmountCents: 'amount_cents',
  paymentRefundedCents: 'refunded_cents',
  paymentDeclineCode: 'decline_code',
} as const
type PaymentColumn = keyof typeof paymentColumns

/** The newest payment of an order; none makes all of its columns null. */
const latestPayment = `left join lateral (
    select * from payments where order_id = orders.id order by created_at desc limit 1
  ) payment on true`

/** What to select for a field: expressions by the name that they have in a row. */
function selected(field: OrderField): [name: string, sql: string][] {
  if (field === 'payment')
    return Object.entries(paymentColumns).map(([name, column]) => [name, `payment.${column}`])
  if (field === 'qrPayload') return [...selected('id'), ...selected('pickupCode')]
  return [[field, `orders.${columns[field][0]}`]]
}

/** What to select for some fields, and from what. What is not asked for is not touched. */
export function selectOrders(fields: readonly OrderField[]): string {
  return fields === orderFields ? wholeOrders : select(fields)
}

function select(fields: readonly OrderField[]): string {
  const chosen = new Map(fields.flatMap(selected))
  const list = [...chosen].map(([name, sql]) => `${sql} as "${name}"`).join(', ')
  return `select ${list} from orders ${fields.includes('payment') ? latestPayment : ''}`
}

const wholeOrders = select(orderFields)

/**
 * Orders, or the asked fields of them, as the API answers them: a JSON array, between `before` and `after`. No serialiser filters or
 * checks it: to take values apart and together again took longer than all else that is done for a list. A test compares it with the
 * schema.
 */
export function ordersJson(
  rows: readonly OrderRow[],
  fields: readonly OrderField[],
  { before = '', after = '' } = {},
): string {
  const members = fields.map((field, index) => ({ field, name: `${index === 0 ? '{' : ','}"${field}":` }))
  // Joined once: a string per step would be litter.
  const parts: Part[] = [before, '[']
  for (const row of rows) {
    if (parts.length > 2) parts.push(',')
    for (const { field, name } of members) {
      parts.push(name)
      if (field === 'payment') pushPayment(parts, row)
      else if (field === 'qrPayload') pushQrPayload(parts, row)
      else pushValue(parts, row[field], columns[field][1])
    }
    parts.push('}')
  }
  parts.push(']', after)
  return parts.join('')
}

type Part = string | number

function pushValue(parts: Part[], value: string | number | null, kind: Kind): void {
  if (value === null) parts.push('null')
  else if (kind === 'json') parts.push(value)
  else if (kind === 'text') parts.push(JSON.stringify(value))
  else parts.push('"', value, '"')
}

function pushPayment(parts: Part[], row: OrderRow): void {
  if (row.paymentId === null) return void parts.push('null')
  parts.push('{"id":"', row.paymentId, '","provider":', JSON.stringify(row.paymentProvider))
  parts.push(',"status":"', row.paymentStatus as string, '","amountCents":', row.paymentAmountCents as number)
  parts.push(',"refundedCents":', row.paymentRefundedCents as number)
  parts.push(',"declineCode":', JSON.stringify(row.paymentDeclineCode), '}')
}

/** As `qr_payload` makes it in the database, which took a tenth of the time of a list. */
function pushQrPayload(parts: Part[], row: OrderRow): void {
  parts.push('"comanda:collect:', row.id as string, ':', row.pickupCode as string, '"')
}
