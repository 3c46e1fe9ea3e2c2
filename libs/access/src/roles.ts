/** From least to most; each may do what the one before may. */
export const roles = ['customer', 'staff', 'manager', 'admin'] as const

export type Role = (typeof roles)[number]

/** What somebody can be at one cafeteria, from least to most. */
export const memberRoles = ['staff', 'manager'] as const

export type MemberRole = (typeof memberRoles)[number]

/** Who is calling, as their access token says; at most its lifetime old. */
export interface Caller {
  userId: string
  sessionId: string
  /** The highest role held anywhere. */
  role: Role
  /** By cafeteria id. */
  memberships: Readonly<Record<string, MemberRole>>
  /** The version of the user's roles that these are; undefined for a caller without an account. */
  rolesVersion?: number | undefined
}

/** The highest role that memberships and the administrator's mark amount to. */
export function highestRole(isAdmin: boolean, memberRoles: Iterable<MemberRole>): Role {
  if (isAdmin) return 'admin'
  const held = new Set(memberRoles)
  if (held.has('manager')) return 'manager'
  return held.has('staff') ? 'staff' : 'customer'
}

/** Whether the caller holds `least` or more somewhere. */
export function hasRole(caller: Pick<Caller, 'role'>, least: Role): boolean {
  return roles.indexOf(caller.role) >= roles.indexOf(least)
}

/** Whether the caller is staff or manager of this cafeteria. Administrators work everywhere. */
export function worksAt(caller: Caller, cafeteriaId: string): boolean {
  const role = caller.memberships[cafeteriaId]
  return caller.role === 'admin' || role === 'staff' || role === 'manager'
}

/** Whether the caller manages this cafeteria. Administrators manage all. */
export function manages(caller: Caller, cafeteriaId: string): boolean {
  return caller.role === 'admin' || caller.memberships[cafeteriaId] === 'manager'
}

/** Whether the caller may see this order: its customer, and whoever works at its cafeteria. */
export function mayReadOrder(caller: Caller, order: { userId: string; cafeteriaId: string }): boolean {
  return order.userId === caller.userId || worksAt(caller, order.cafeteriaId)
}
