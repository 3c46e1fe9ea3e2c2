import { needsNewToken } from '../realtime/refusals.ts'
import { type Client, createClient, createConfig } from './generated/client/index.ts'
import { type NewOrder, type Order, placeOrder } from './generated/index.ts'
import { ProblemError } from './problem-error.ts'
import { defaultRetryLimits, type RetryLimits, retry } from './retry.ts'
import { type ClientSession, createSession } from './session.ts'

export interface RestClientOptions {
  /** Where the REST API is, without `/v1`. */
  apiUrl: string
  /** How placing an order is repeated. */
  retry?: RetryLimits
  /** How long an answer may take, in milliseconds. Default 10,000. */
  answerMilliseconds?: number
  /** Default: the platform's. */
  fetch?: typeof globalThis.fetch
}

export interface PlaceOrderOptions {
  /** An order that is placed again with its key within 24 hours, after a restart for example, is the same order. Default: random. */
  idempotencyKey?: string
  signal?: AbortSignal
}

/** The REST API on behalf of one person. */
export interface RestClient extends ClientSession {
  /**
   * For the functions that are generated, as in `listOrders({ client, query })`: it sends the access token, exchanges one that
   * is refused and then repeats the request once. They throw ProblemError, and what `fetch` throws when there is no answer.
   */
  client: Client
  /**
   * Places one order, however often it has to be sent.
   * @throws ProblemError when it is refused; after a network error it may have been placed, which the same key finds out
   */
  placeOrder: (order: NewOrder, options?: PlaceOrderOptions) => Promise<Order>
}

/** A client that nobody is logged in to yet. It holds no connection and needs no closing. */
export function createRestClient(options: RestClientOptions): RestClient {
  const { apiUrl, answerMilliseconds = 10_000, fetch = globalThis.fetch } = options

  const send = (request: Request): Promise<Response> =>
    fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(answerMilliseconds)]),
    })

  const session = createSession(createClientOver(apiUrl, send))

  async function sendAuthorized(request: Request): Promise<Response> {
    const again = request.clone()
    const response = await send(request)
    const refused = request.headers.get('authorization')
    if (refused === null || !(await refusesToken(response))) return response
    // Another request may have exchanged the token while this one was in flight.
    const current = `Bearer ${await session.accessToken()}`
    const token = current === refused ? `Bearer ${await session.accessToken(true)}` : current
    again.headers.set('authorization', token)
    return send(again)
  }

  const client = createClientOver(apiUrl, sendAuthorized)
  client.setConfig({ auth: () => (session.user() === null ? undefined : session.accessToken()) })

  return {
    ...session,
    client,
    placeOrder(order, { idempotencyKey = crypto.randomUUID(), signal } = {}) {
      const call = async () => {
        const headers = { 'idempotency-key': idempotencyKey }
        const { data } = await placeOrder({ client, body: order, headers, ...(signal && { signal }) })
        return data
      }
      return retry(call, options.retry ?? defaultRetryLimits, signal)
    },
  }
}

/** The generated client calls its `fetch` with a Request only. */
function createClientOver(baseUrl: string, send: (request: Request) => Promise<Response>): Client {
  const client = createClient(createConfig({ baseUrl, fetch: send as typeof fetch, throwOnError: true }))
  client.interceptors.error.use((error, response) =>
    response === undefined || response.ok ? error : new ProblemError(response, error),
  )
  return client
}

async function refusesToken(response: Response): Promise<boolean> {
  if (response.status !== 401) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return needsNewToken(new ProblemError(response, body).code)
}
