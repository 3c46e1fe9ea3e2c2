import { type Order, orderFields } from './orders.schema.ts'

export type OrderField = keyof Order

/** The fields that are composed here of several columns. */
type ComposedField = 'payment' | 'pickupCode' | 'qrPayload'

/** The row that Postgres answers for an order. */
export type OrderRow = Readonly<
  Record<Exclude<OrderField, ComposedField> | 'pickupCode' | PaymentColumn, string | number | null>
>

/**
 * How a value is written into JSON. `plain` is text that this program makes, never null and with nothing to escape; it goes between
 * quotes. A `time` does too, but may be null. `text` may come from anybody and may be null. `json` is written as it is, for example a
 * number.
 */
type JsonForm = 'plain' | 'time' | 'text' | 'json'

const columns: Record<Exclude<OrderField, ComposedField>, [column: string, form: JsonForm]> = {
  id: ['id', 'plain'],
  number: ['number', 'json'],
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

/** The newest payment of an order; without one, all of its columns are null. */
const latestPayment = 'left join lateral newest_payment(orders.id) payment on true'

/** The expressions to select for a field, each with its name in the row. */
function selected(field: OrderField): [name: string, sql: string][] {
  if (field === 'payment')
    return Object.entries(paymentColumns).map(([name, column]) => [name, `payment.${column}`])
  if (field === 'pickupCode') return [['pickupCode', 'orders.pickup_code'], ...selected('userId')]
  if (field === 'qrPayload') return [...selected('id'), ...selected('pickupCode')]
  return [[field, `orders.${columns[field][0]}`]]
}

/** Writes the select and from clauses for some fields. Tables of other fields are not read. */
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
 * Writes orders, or the asked fields of them, as the API answers them to a user: a JSON array between `before` and `after`. Only their
 * customer reads pick-up codes. No serialiser filters or
 * checks it, because parsing and writing the values again took longer than everything else that is done for a list. A test compares the
 * result with the schema.
 */
export function ordersJson(
  rows: readonly OrderRow[],
  fields: readonly OrderField[],
  { readerId, before = '', after = '' }: { readerId: string; before?: string; after?: string },
): string {
  const members = fields.map((field, index) => ({ field, name: `${index === 0 ? '{' : ','}"${field}":` }))
  // The parts are joined once, because a new string for every step would be garbage to collect.
  const parts: Part[] = [before, '[']
  for (const row of rows) {
    if (parts.length > 2) parts.push(',')
    for (const { field, name } of members) {
      parts.push(name)
      if (field === 'payment') pushPayment(parts, row)
      else if (field === 'pickupCode' || field === 'qrPayload')
        if (row.userId === readerId) pushPickupCode(parts, row, field)
        else parts.push('null')
      else pushValue(parts, row[field], columns[field][1])
    }
    parts.push('}')
  }
  parts.push(']', after)
  return parts.join('')
}

type Part = string | number

function pushValue(parts: Part[], value: string | number | null, form: JsonForm): void {
  if (value === null) parts.push('null')
  else if (form === 'json') parts.push(value)
  else if (form === 'text') parts.push(JSON.stringify(value))
  else parts.push('"', value, '"')
}

function pushPayment(parts: Part[], row: OrderRow): void {
  if (row.paymentId === null) return void parts.push('null')
  parts.push('{"id":"', row.paymentId, '","provider":', JSON.stringify(row.paymentProvider))
  parts.push(',"status":"', row.paymentStatus as string, '","amountCents":', row.paymentAmountCents as number)
  parts.push(',"refundedCents":', row.paymentRefundedCents as number)
  parts.push(',"declineCode":', JSON.stringify(row.paymentDeclineCode), '}')
}

/** Writes the pick-up code or the QR payload. Calling the SQL function `qr_payload` for it took a tenth of the time of reading a list. */
function pushPickupCode(parts: Part[], row: OrderRow, field: 'pickupCode' | 'qrPayload'): void {
  const code = row.pickupCode as string
  if (field === 'pickupCode') parts.push('"', code, '"')
  else parts.push('"comanda:collect:', row.id as string, ':', code, '"')
}
