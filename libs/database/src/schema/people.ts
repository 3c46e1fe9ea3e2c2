import type { Generated, JSONColumnType } from 'kysely'

export interface UsersTable {
  id: Generated<string>
  email: string
  name: string
  passwordHash: string
  isAdmin: Generated<boolean>
  rolesVersion: Generated<number>
  rolesChangedAt: string | null
  locale: Generated<string>
  createdAt: Generated<string>
  updatedAt: Generated<string>
}

export interface SessionsTable {
  id: Generated<string>
  userId: string
  userAgent: string | null
  address: string | null
  createdAt: Generated<string>
  lastUsedAt: Generated<string>
  expiresAt: string
  revokedAt: string | null
}

export interface RefreshTokensTable {
  hash: Buffer
  sessionId: string
  createdAt: Generated<string>
  usedAt: string | null
}

export interface MembershipsTable {
  userId: string
  cafeteriaId: string
  role: 'staff' | 'manager'
  createdAt: Generated<string>
}

export interface InvitationsTable {
  id: Generated<string>
  cafeteriaId: string
  email: string
  role: 'staff' | 'manager'
  codeHash: Buffer
  status: Generated<'pending' | 'accepted' | 'declined' | 'withdrawn'>
  invitedBy: string
  createdAt: Generated<string>
  expiresAt: string
}

export interface AuditLogTable {
  id: Generated<number>
  actorId: string | null
  action: string
  subjectType: string
  subjectId: string
  /** Null for what belongs to no cafeteria. */
  cafeteriaId: string | null
  before: JSONColumnType<object | null, string | null>
  after: JSONColumnType<object | null, string | null>
  requestId: string | null
  at: Generated<string>
}
