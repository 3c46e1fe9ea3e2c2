/** A request of a profile, as `POST /v1/orders` with a body. */
export interface ProfileRequest {
  /** What figures are kept under: the operation's id in the OpenAPI document. */
  operation: string
  method: 'GET' | 'POST'
  path: string
  /** An access token; null: nobody is logged in. */
  token: string | null
  body?: object
  headers?: Readonly<Record<string, string>>
  /** The statuses that are no fault of the fleet. */
  expected: readonly number[]
}

export interface ProfileAnswer {
  /** 0: there was no answer. */
  status: number
  /** Whether the status is one of those expected. */
  expected: boolean
  /** Parsed; null when there was no JSON. */
  body: unknown
}

/** What besides requests is counted in a run. */
export type Counted =
  | 'orders_placed'
  | 'orders_declined'
  | 'sockets_opened'
  | 'sockets_lost'
  | 'events_missed'
  | 'actions_failed'

export interface SocketWish {
  /** As `/orders`. */
  namespace: string
  token: string
  onEvent: (name: string, payload: unknown) => void
}

/** A connection to a gateway that has been let in. */
export interface OpenSocket {
  /** Sends an event and resolves with its acknowledgement. */
  ask: (event: string, argument: object) => Promise<unknown>
  close: () => void
}

/**
 * What a profile needs of the program that runs it: k6, or our own runner. Everything else in this folder is ECMAScript without
 * Node's modules and globals, because k6 has none of them.
 */
export interface Device {
  /** Never rejects: what went wrong is counted, and in the answer. */
  send: (request: ProfileRequest) => Promise<ProfileAnswer>
  /** Rejects when the gateway lets nobody in. */
  openSocket: (wish: SocketWish) => Promise<OpenSocket>
  pause: (seconds: number) => Promise<void>
  /** From 0 to below 1. */
  random: () => number
  /** A key that nobody else uses. */
  newKey: () => string
  count: (what: Counted) => void
  /** Milliseconds from the answer to an order until a socket showed it. */
  recordEventDelay: (milliseconds: number) => void
  /** Called with the answer to each order and move, which must never be lost. Null: nobody wants to know. */
  onAcknowledged: ((order: AcknowledgedOrder) => void) | null
}

export interface AcknowledgedOrder {
  id: string
  version: number
  /** Index of the customer. */
  customer: number
}
