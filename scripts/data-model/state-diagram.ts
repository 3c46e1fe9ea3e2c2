import {
  closedStatuses,
  type MoveName,
  moves,
  type OrderStatus,
  openStatuses,
  type Party,
  timeouts,
} from '../../libs/ordering/src/index.ts'
import { mermaid } from './entity-diagram.ts'

/** The statuses of an order in Mermaid, with what leads from one to the next. */
export function stateDiagram(): string {
  return mermaid([
    'stateDiagram-v2',
    // Placing and paying are no moves of libs/ordering: place_order and settle_authorization make them.
    '  [*] --> placed: placed with the wallet',
    '  [*] --> pending_payment: placed with a card',
    '  pending_payment --> placed: paid',
    ...openStatuses.flatMap((from) => arrowsFrom(from)),
    ...closedStatuses.map((status) => `  ${status} --> [*]`),
  ])
}

function arrowsFrom(from: OrderStatus): string[] {
  const causes = new Map<OrderStatus, string[]>()
  for (const name of Object.keys(moves) as MoveName[]) {
    const { to, from: allowed } = moves[name]
    const parties = (Object.keys(allowed) as Party[]).filter((party) => allowed[party]?.includes(from))
    if (parties.length > 0) causes.set(to, [...(causes.get(to) ?? []), `${name} (${parties.join(', ')})`])
  }
  const late = timeouts[from]
  if (late !== undefined) causes.set(late, [...(causes.get(late) ?? []), 'time-out'])
  return [...causes].map(([to, texts]) => `  ${from} --> ${to}: ${texts.join(' or ')}`)
}
