/** What a limit counts by: the caller (or their address when nobody is logged in), the address, or login name and address. */
export type LimitScope = 'user' | 'address' | 'account'

export interface LimitPolicy {
  name: LimitName
  scope: LimitScope
  /** Requests allowed in any window of `windowMs`. */
  max: number
  windowMs: number
  /** How many requests one process may take from Redis at once; 1 counts exactly. */
  block: number
}

/**
 * The limits by name. `publicRead` is high because a campus shares one address, and is taken in blocks because a
 * cached read is cheaper than a round trip to Redis.
 */
export const limitDefaults = {
  login: { scope: 'account', rate: '5/15m', meaning: 'logins per account and address' },
  loginAddress: {
    scope: 'address',
    rate: '600/1m',
    leased: true,
    meaning: 'logins per address, whatever comes of them',
  },
  registration: { scope: 'address', rate: '60/1h', meaning: 'registrations per address' },
  payments: { scope: 'user', rate: '10/15m', meaning: 'payments per user' },
  codes: {
    scope: 'user',
    rate: '10/1m',
    meaning: 'attempts at codes of invitations and at the own password per user',
  },
  api: { scope: 'user', rate: '100/1m', meaning: 'requests per user' },
  expensive: { scope: 'user', rate: '20/1m', meaning: 'exports and uploads per user' },
  veryExpensive: { scope: 'user', rate: '10/1m', meaning: 'forecasts and the like per user' },
  analytics: { scope: 'user', rate: '30/1m', meaning: 'dashboard requests per user' },
  reports: { scope: 'user', rate: '3/5m', meaning: 'reports per user' },
  default: { scope: 'address', rate: '200/15m', meaning: 'everything else, per address' },
  publicRead: { scope: 'address', rate: '6000/1m', leased: true, meaning: 'public reads per address' },
} as const satisfies Record<string, { scope: LimitScope; rate: string; leased?: true; meaning: string }>

export type LimitName = keyof typeof limitDefaults

export const limitNames = Object.keys(limitDefaults) as LimitName[]

/** The environment variable that overrides a limit: `publicRead` is `RATE_LIMIT_PUBLIC_READ`. */
export function limitVariable(name: LimitName): `RATE_LIMIT_${string}` {
  return `RATE_LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}

export const ratePattern = '^[1-9]\\d{0,8}/([1-9]\\d{0,5})(s|m|h)$'

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const

/** Reads a rate such as `5/15m`: requests, a slash, a time in s, m or h. Throws when it is anything else. */
function parseRate(rate: string): { max: number; windowMs: number } {
  const match = /^(\d+)\/(\d+)([smh])$/.exec(rate)
  if (!match) throw new Error(`"${rate}" is not a rate like 5/15m`)
  return { max: Number(match[1]), windowMs: Number(match[2]) * unitMs[match[3] as keyof typeof unitMs] }
}

/** The policy table with the overrides of the configuration (`RATE_LIMIT_…` members) applied. */
export function limitPolicies(config: object): Record<LimitName, LimitPolicy> {
  const overrides = config as Record<string, string | undefined>
  const policies = limitNames.map((name) => {
    const {
      scope,
      rate,
      leased = false,
    } = limitDefaults[name] as { scope: LimitScope; rate: string; leased?: true }
    const parsed = parseRate(overrides[limitVariable(name)] ?? rate)
    // A hundredth of a high limit: what a process holds and does not use matters to nobody.
    const block = leased ? Math.min(1000, Math.max(60, Math.floor(parsed.max / 100))) : 1
    return [name, { name, scope, block, ...parsed }]
  })
  return Object.fromEntries(policies) as Record<LimitName, LimitPolicy>
}

/** Names the window in which a policy counts a caller. */
export const windowName = ({ name }: LimitPolicy, key: string): string => `${name}:${key}`
