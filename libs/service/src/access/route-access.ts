import { type Caller, hasRole, type Role } from '@comanda/access'

/** The least role, held anywhere, that a route asks for. Which cafeteria it must be held in is the feature's rule. */
export type Access = 'public' | 'authenticated' | Exclude<Role, 'customer'>

export const accessLevels: readonly Access[] = ['public', 'authenticated', 'staff', 'manager', 'admin']

/** Whether a caller may use a route that asks for `access`. */
export function mayUse(caller: Caller | null, access: Access): boolean {
  if (access === 'public') return true
  if (caller === null) return false
  return access === 'authenticated' || hasRole(caller, access)
}
