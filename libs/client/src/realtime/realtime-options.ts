import type { BackoffLimits } from './backoff.ts'
import type { ConnectionState } from './link.ts'
import type { PlatformFetch } from './rest-reads.ts'

export interface RealtimeClientOptions {
  /** Where the gateways are, as in `https://realtime.example.com`. */
  url: string
  /** Where the REST API is, without `/v1`. */
  apiUrl: string
  /** Where analytics are, without `/v1`, if they have an address of their own. Default: `apiUrl`. */
  analyticsUrl?: string
  /**
   * Resolves to a valid access token. Called before every connection and every read, except for menus, which are public.
   * `renew` says that the last token was refused or has expired, so a token that the application keeps is useless. When it
   * rejects, it is called again later.
   */
  getAccessToken: (renew: boolean) => Promise<string>
  /** Called on every change; `reason` is the gateway's code or the network's message while something is wrong, otherwise null. */
  onState?: (state: ConnectionState, reason: string | null) => void
  /** Tried in this order. Polling needs gateways behind a sticky route. Default: websocket only. */
  transports?: ('websocket' | 'polling')[]
  backoff?: BackoffLimits
  /** Default: the platform's. */
  fetch?: PlatformFetch
}

export interface FollowFeedOptions {
  /**
   * The number up to which the application knows the feed: `onEvents` gets the later events, and only the orders concerned
   * are on the board at first. Without it the board begins with all open orders. The first listener of a feed decides.
   */
  after?: number
  /** Orders that stay on the board after they closed; those beyond leave it, the first to close first. Default 500. */
  keepClosed?: number
}
