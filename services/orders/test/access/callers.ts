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

/** What a caller gets: the thing itself, or why not. */
export type Outcome = 'served' | 'no valid token' | 'role too low' | 'not found' | 'no valid signature'

/** What a caller is to the cafeteria, the order and the session that everything is tried on. */
export interface Party {
  headers: { authorization?: string }
  /** The highest role held anywhere; null without a valid token. */
  role: Caller['role'] | null
  /** At the cafeteria. */
  roleHere: 'staff' | 'manager' | null
  isOwner: boolean
}

const rank = ['authenticated', 'staff', 'manager', 'admin']
const reaches = (role: string | null, least: string) =>
  rank.indexOf(role === 'customer' ? 'authenticated' : String(role)) >= rank.indexOf(least)

/** A thing that is not the caller's to deal with does not exist for them. */
export function outcomeOf(rule: Rule, { role, roleHere, isOwner }: Party): Outcome {
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

/** The outcome that an answer tells of; one that is none of them is told as it is. */
export function outcomeIn({ status, body }: { status: number; body?: { code?: string } }): string {
  const code = body?.code ?? ''
  if (status >= 200 && status < 300) return 'served'
  if (status === 401 && /^access_token_(missing|invalid|expired)$/.test(code)) return 'no valid token'
  if (code === 'webhook_signature_invalid') return 'no valid signature'
  if (status === 403 && code === 'forbidden_role') return 'role too low'
  if (status === 404 && code.endsWith('_not_found') && code !== 'route_not_found') return 'not found'
  return `${status} ${code}`
}

/** A header whose token was signed with another key. */
export function forgedToken({ caller }: TestUser): { authorization: string } {
  const tokens = createAccessTokens({ secret: 'another key than that of the service' })
  return { authorization: `Bearer ${tokens.sign({ ...caller, role: 'admin' })}` }
}

/** A header whose token is ours and over. */
export function expiredToken({ caller }: TestUser, secret: string): { authorization: string } {
  const tokens = createAccessTokens({ secret, lifetimeSeconds: 0 })
  return { authorization: `Bearer ${tokens.sign(caller)}` }
}
