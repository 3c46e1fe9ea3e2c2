import {
  type ConnectionState,
  createRealtimeClient,
  type FeedBoard,
  type RealtimeClient,
  type RealtimeClientOptions,
} from '../../libs/client/src/realtime/index.ts'
import type { Cafeteria } from './cafeterias.ts'

/** What is known at the moment. */
export interface LiveOrders {
  cafeteria: Cafeteria
  state: ConnectionState
  /** Why there is no connection, in a word; null when nothing is wrong. */
  reason: string | null
  board: FeedBoard | null
  /** From the transaction of the newest event to this process, in milliseconds; null before the first. */
  lag: number | null
}

export interface LiveOrdersListener {
  onChange: (live: LiveOrders) => void
  onEvents: (
    events: { number: number; type: string; actorRole: string; at: string }[],
    live: LiveOrders,
  ) => void
  onRefused: (code: string) => void
}

export type FeedOrder = FeedBoard['orders'] extends ReadonlyMap<string, infer Order> ? Order : never

/** Follows the orders of a cafeteria until `close`. */
export function followLiveOrders(
  options: Required<Pick<RealtimeClientOptions, 'url' | 'apiUrl' | 'getAccessToken'>> & {
    cafeteria: Cafeteria
  },
  listener: LiveOrdersListener,
): RealtimeClient {
  const { cafeteria, ...connection } = options
  const live: LiveOrders = { cafeteria, state: 'waiting', reason: null, board: null, lag: null }
  const client = createRealtimeClient({
    ...connection,
    onState(state, reason) {
      Object.assign(live, { state, reason })
      listener.onChange(live)
    },
  })
  client.followFeed(cafeteria.id, {
    onBoard(board) {
      live.board = board
      listener.onChange(live)
    },
    onEvents(messages) {
      const newest = messages.at(-1)
      // Only of what comes while one watches; what was missed is old.
      if (newest && live.board?.current) live.lag = Math.max(0, Date.now() - Date.parse(newest.event.at))
      listener.onEvents(
        messages.map(({ event, order }) => ({ ...event, type: String(event.type), number: order.number })),
        live,
      )
    },
    onRefused: listener.onRefused,
  })
  return client
}
