import type { Action } from './actions/action.ts'
import { followOrder } from './actions/follow-order.ts'
import { placeOrder, placeOrderForMany, quote, quoteForMany } from './actions/order.ts'
import {
  compareMenus,
  findCafeteria,
  readAllProducts,
  readMenu,
  readSlots,
  readTopProducts,
} from './actions/read-catalogue.ts'
import { readHistory, readOrders, readSummary, readWallet } from './actions/read-own.ts'

export interface WeightedAction {
  /** What locust calls its task of the same kind. */
  name: string
  weight: number
  act: Action
}

export type ProfileName = 'normal' | 'heavy' | 'sockets'

/** What every kind of customer does besides. */
const everybody: readonly WeightedAction[] = [
  { name: 'read_slots', weight: 2, act: readSlots },
  { name: 'read_top_products', weight: 1, act: readTopProducts },
  { name: 'read_summary', weight: 1, act: readSummary },
  { name: 'read_wallet', weight: 1, act: readWallet },
]

/** What a kind of user does, and how often each. */
export const profiles: Readonly<Record<ProfileName, readonly WeightedAction[]>> = {
  /** A customer at lunch. */
  normal: [
    { name: 'read_menu', weight: 4, act: readMenu },
    { name: 'find_cafeteria', weight: 3, act: findCafeteria },
    { name: 'read_orders', weight: 3, act: readOrders },
    { name: 'place_order', weight: 2, act: placeOrder },
    { name: 'quote', weight: 2, act: quote },
    ...everybody,
  ],
  /** Somebody who orders for an office, compares, and reads everything there is. */
  heavy: [
    { name: 'compare_menus', weight: 4, act: compareMenus },
    { name: 'read_all_products', weight: 3, act: readAllProducts },
    { name: 'read_history', weight: 3, act: readHistory },
    { name: 'place_order_for_many', weight: 2, act: placeOrderForMany },
    { name: 'quote_for_many', weight: 2, act: quoteForMany },
    ...everybody,
  ],
  /** A customer with a socket, who follows an order until it is ready. */
  sockets: [{ name: 'follow_order', weight: 1, act: followOrder }],
}
