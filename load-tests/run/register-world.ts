import { randomUUID } from 'node:crypto'
import { createAccessTokens } from '@comanda/access'
import type { World } from '../profiles/world.ts'

export interface RegisterOptions {
  /** Where orders answers, and where the gateways are. */
  url: string
  gatewayUrl: string
  /** How many accounts to open. */
  customers: number
  /** An account that works in the kitchens; null: orders stay where they are. */
  staff: { email: string; password: string } | null
  /** How long tokens must be valid. */
  tokenSeconds: number
  /** The key that signs access tokens there; null: it is not known, and tokens are as the fleet gives them. */
  accessTokenSecret: string | null
}

/** Opening accounts takes a part of the quarter of an hour for which the fleet's tokens are valid. */
const mostTokenSeconds = 800
const walletCents = 10_000_000
/** Accounts under way at once: each costs the fleet a password hash. */
const atOnce = 4

/**
 * Makes a world of what is there, at any address: opens accounts, fills their wallets with a card of the sandbox, and takes the cafeterias
 * that take orders now.
 * @throws with what the fleet answers, most likely that limits are on; and when tokens would expire during the run
 */
export async function registerWorld(options: RegisterOptions): Promise<World> {
  const { url, gatewayUrl, staff } = options
  const prolong = prolonging(options)
  const staffToken = staff === null ? null : prolong(await logIn(url, staff))
  const kitchens = await findKitchens(url, staffToken)
  if (kitchens.length === 0)
    throw new Error(`No cafeteria at ${url} takes orders now, or none has products without choices.`)
  const customers: string[] = []
  let left = options.customers
  async function some(): Promise<void> {
    while (left-- > 0) customers.push(prolong(await openAccount(url)))
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  return { url, gatewayUrl, customers, kitchens }
}

/** Makes a token of one that is valid for as long as the run. */
function prolonging({ tokenSeconds, accessTokenSecret }: RegisterOptions): (token: string) => string {
  if (accessTokenSecret !== null) {
    const tokens = createAccessTokens({ secret: accessTokenSecret, lifetimeSeconds: tokenSeconds })
    return (token) => tokens.sign(tokens.verify(token))
  }
  if (tokenSeconds > mostTokenSeconds)
    throw new Error(
      'Access tokens expire during a run as long as this: ACCESS_TOKEN_SECRET must be that of the fleet, so that longer ones can be made.',
    )
  return (token) => token
}

async function logIn(url: string, account: { email: string; password: string }): Promise<string> {
  const { accessToken } = await call<{ accessToken: string }>(`${url}/v1/auth/login`, { body: account })
  return accessToken
}

async function openAccount(url: string): Promise<string> {
  const body = { email: `load-${randomUUID()}@comanda.test`, password: randomUUID(), name: 'Load' }
  const { accessToken } = await call<{ accessToken: string }>(`${url}/v1/auth/register`, { body })
  const topUp = { amountCents: walletCents, token: 'tok_ok' }
  await call(`${url}/v1/wallet/top-ups`, { body: topUp, token: accessToken })
  return accessToken
}

interface Product {
  id: string
  availability: { status: string }
  modifierGroups: { minSelect: number }[]
}

async function findKitchens(url: string, staffToken: string | null): Promise<World['kitchens']> {
  const { data } = await call<{ data: { id: string; orderingNow: boolean }[] }>(`${url}/v1/cafeterias`)
  const taking = data.filter(({ orderingNow }) => orderingNow)
  const kitchens = await Promise.all(
    taking.map(async ({ id }) => {
      const menu = await call<{ categories: { products: Product[] }[] }>(`${url}/v1/cafeterias/${id}/menu`)
      const simple = menu.categories
        .flatMap(({ products }) => products)
        .filter(({ availability, modifierGroups }) => {
          const inStock = availability.status === 'in_stock'
          return inStock && modifierGroups.every(({ minSelect }) => minSelect === 0)
        })
      return { cafeteriaId: id, productIds: simple.map((product) => product.id), staffToken }
    }),
  )
  return kitchens.filter(({ productIds }) => productIds.length > 0)
}

async function call<T>(url: string, { body, token }: { body?: object; token?: string } = {}): Promise<T> {
  const { status, ok, text } = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(30_000),
  }).then(
    async (response) => ({ status: response.status, ok: response.ok, text: await response.text() }),
    (error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new Error(`${url} cannot be reached: ${reason}`, { cause: error })
    },
  )
  if (status === 429)
    throw new Error(
      `${url} limits how often it is called: load tests need a fleet whose limits are off, as of \`RATE_LIMITS=off make up\`.`,
    )
  if (!ok) throw new Error(`${url} was answered ${status}: ${text}`)
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new Error(`${url} was answered with something else than JSON: is this where orders listens?`, {
      cause,
    })
  }
}
