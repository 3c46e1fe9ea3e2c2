import { type Caller, createAccessTokens } from '@comanda/access'
import type { TestUser } from '../builders.ts'

/** Who may call an operation. Staff and managers are always those of the cafeteria that the path or the body names. */
export const rules = {
  anybody: 'public',
  'whoever signs it': 'public',
  'anybody with an account': 'authenticated',
  'its owner': 'authenticated',
  'its owner and staff': 'authenticated',
  staff: 'staff',
  managers: 'manager',
  administrators: 'admin',
} as const satisfies Record<string, 'public' | 'authenticated' | 'staff' | 'manager' | 'admin'>

export type Rule = keyof typeof rules

/** The outcome of a call: it is served, or the reason why not. */
export type Outcome = 'served' | 'no valid token' | 'role too low' | 'not found' | 'no valid signature'

/** A caller, and their relation to the cafeteria, the order and the session that everything is tried on. */
export interface TestCaller {
  headers: { authorization?: string }
  /** The highest role held anywhere; null without a valid token. */
  role: Caller['role'] | null
  /** The role at the cafeteria. */
  roleHere: 'staff' | 'manager' | null
  isOwner: boolean
}

const rank = ['authenticated', 'staff', 'manager', 'admin']
const reaches = (role: string | null, least: string) =>
  rank.indexOf(role === 'customer' ? 'authenticated' : String(role)) >= rank.indexOf(least)

/** The outcome that a rule demands. Things that a caller may not see do not exist for them. */
export function outcomeOf(rule: Rule, { role, roleHere, isOwner }: TestCaller): Outcome {
  const least = rules[rule]
  if (rule === 'whoever signs it') return 'no valid signature'
  if (least === 'public') return 'served'
  if (role === null) return 'no valid token'
  if (!reaches(role, least)) return 'role too low'
  if (rule === 'anybody with an account' || (isOwner && rule.startsWith('its owner'))) return 'served'
  if (rule === 'its owner') return 'not found'
  return role === 'admin' || reaches(roleHere, least === 'authenticated' ? 'staff' : least)
    ? 'served'
    : 'not found'
}

/** The outcome that an answer shows; an answer that is none of them is shown by its status and code. */
export function outcomeIn({ status, body }: { status: number; body?: { code?: string } }): string {
  const code = body?.code ?? ''
  if (status >= 200 && status < 300) return 'served'
  if (status === 401 && /^access_token_(missing|invalid|expired)$/.test(code)) return 'no valid token'
  if (code === 'webhook_signature_invalid') return 'no valid signature'
  if (status === 403 && code === 'forbidden_role') return 'role too low'
  if (status === 404 && code.endsWith('_not_found') && code !== 'route_not_found') return 'not found'
  return `${status} ${code}`
}

/** Returns a header with a token that was signed with another key. */
export function forgedToken({ caller }: TestUser): { authorization: string } {
  const tokens = createAccessTokens({ secret: 'another key than that of the service' })
  return { authorization: `Bearer ${tokens.sign({ ...caller, role: 'admin' })}` }
}

/** Returns a header with a token of the service that has expired. */
export function expiredToken({ caller }: TestUser, secret: string): { authorization: string } {
  const tokens = createAccessTokens({ secret, lifetimeSeconds: 0 })
  return { authorization: `Bearer ${tokens.sign(caller)}` }
}
