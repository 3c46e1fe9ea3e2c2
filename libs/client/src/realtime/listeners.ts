import type { LiveOrder, OrderMessage } from '@comanda/events'
import type { Dashboard } from '../rest/generated/types.gen.ts'

/** A listener's members are called when there is news; what they throw surfaces as an uncaught error. */
export interface OrderListener {
  /** Called with the newest known state, at the beginning and then whenever a newer one is known. Versions only grow. */
  onOrder: (order: LiveOrder) => void
  /**
   * The order is not followed, and will not be: `order_not_found` (another customer's order too), `too_many_subscriptions`
   * and the like. Nothing is called after it.
   */
  onRefused?: (code: string) => void
}

/** What is known of a cafeteria's orders. A new object for every change; `orders` is one Map that changes. */
export interface FeedBoard {
  cafeteriaId: string
  /** The newest known state of every open order, and of those closed last, by id, in no particular order. */
  orders: ReadonlyMap<string, LiveOrder>
  /** Everything up to this number of the feed is in `orders`. 0 before anything is known, and for an empty feed. */
  seq: number
  /** Whether nothing is known to be missing. False while disconnected and while catching up. */
  current: boolean
}

export interface FeedListener {
  /** Called at the beginning and whenever the board has changed; many changes that come at once are one call. */
  onBoard: (board: FeedBoard) => void
  /** Called with what happened, each event once, by number, and without gaps except where `onReset` was called. */
  onEvents?: (messages: readonly OrderMessage[]) => void
  /**
   * Events were passed over: too many, or older than the feed keeps. The board was read anew, so it is right; orders that
   * were closed meanwhile are not on it.
   */
  onReset?: () => void
  /** The feed is not followed, and will not be: `cafeteria_not_found` where the caller does not work. */
  onRefused?: (code: string) => void
}

export interface CatalogueListener {
  /**
   * What customers see of the cafeteria (itself, its hours, menu and slots) is of this version, at the beginning and after every
   * change; several changes may come as one. What is read over REST from now on is of this version or a newer one.
   */
  onVersion: (version: number) => void
  onRefused?: (code: string) => void
}

export interface DashboardListener {
  /**
   * Called with today's dashboard, at the beginning and whenever it has changed. `summary`, `statuses` and `asOf` follow what happens
   * within about a second; the other members are at most about a minute behind.
   */
  onDashboard: (dashboard: Dashboard) => void
  /** The dashboard is not followed, and will not be: `forbidden_role` or, to managers of others, `cafeteria_not_found`. */
  onRefused?: (code: string) => void
}

/** Something that is followed until `stop`. */
export interface Following {
  /** Stopping twice stops once. */
  stop: () => void
}
