import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { type Account, accountColumns, type NewSession } from './accounts.repository.ts'

/**
 * Begins a session, provided the password is still the one that was checked. What the account may do is read in the same statement, with
 * its version: a change that this statement does not see has a higher one. Undefined: the password was changed meanwhile.
 */
export async function insertSession(
  db: Kysely<Schema>,
  user: { id: string; passwordHash: string },
  session: NewSession,
): Promise<(Account & { sessionId: string }) | undefined> {
  const { rows } = await sql<Account & { sessionId: string }>`
    with session as (
      insert into sessions (user_id, user_agent, address, expires_at)
      select id, ${session.userAgent}, ${session.address}, now() + interval '30 days' from users
      where id = ${user.id} and password_hash = ${user.passwordHash} returning id
    ), token as (
      insert into refresh_tokens (hash, session_id) select ${session.refreshTokenHash}::bytea, id from session
    )
    select ${accountColumns}, session.id as session_id from session, users u where u.id = ${user.id}`.execute(
    db,
  )
  return rows[0]
}

export type Rotation =
  | { outcome: 'rotated'; sessionId: string; account: Account }
  /** The session is ended now, if it was not before. */
  | { outcome: 'reused'; sessionId: string }
  | { outcome: 'ended' }

/**
 * Exchanges a refresh token for the next one, in one statement. A session ends 30 days after its last refresh, and 180
 * days after it began. The token is locked first, so that of two uses at once one is the reuse, and the chain ends.
 * Undefined: there is no such token.
 */
export async function rotateRefreshToken(
  db: Kysely<Schema>,
  token: { hash: Buffer; nextHash: Buffer },
): Promise<Rotation | undefined> {
  const { rows } = await sql<Account & Rotation>`
    with token as materialized (
      select session_id, used_at is not null as used from refresh_tokens where hash = ${token.hash} for update
    ), session as (
      update sessions s set
        last_used_at = case when token.used then s.last_used_at else now() end,
        expires_at = case when token.used then s.expires_at
          else least(now() + interval '30 days', s.created_at + interval '180 days') end,
        revoked_at = case when token.used then now() end
      from token
      where s.id = token.session_id and s.revoked_at is null and s.expires_at > now()
      returning s.id, s.user_id, s.revoked_at
    ), spent as (
      update refresh_tokens set used_at = now()
      where hash = ${token.hash} and exists (select from session where revoked_at is null)
    ), next as (
      insert into refresh_tokens (hash, session_id)
      select ${token.nextHash}::bytea, id from session where revoked_at is null
    )
    select ${accountColumns}, token.session_id,
      case when token.used then 'reused' when session.id is null then 'ended' else 'rotated' end as outcome
    from token left join session on true left join users u on u.id = session.user_id`.execute(db)
  const [row] = rows
  if (row?.outcome !== 'rotated') return row
  const { outcome, sessionId, ...account } = row
  return { outcome, sessionId, account: account as unknown as Account }
}

export interface SessionRow {
  id: string
  userAgent: string | null
  address: string | null
  createdAt: string
  lastUsedAt: string
  expiresAt: string
}

/** Selects the sessions of a user that have not ended. */
function current(db: Kysely<Schema>, userId: string) {
  return db
    .selectFrom('sessions')
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', sql<string>`now()`)
}

/** Lists the sessions that have not ended, newest first. */
export async function listSessions(
  db: Kysely<Schema>,
  userId: string,
  { limit, after, offset }: Slice<[createdAt: string, id: string]>,
): Promise<SessionRow[]> {
  let query = current(db, userId)
    .select(['id', 'userAgent', 'address', 'createdAt', 'lastUsedAt', 'expiresAt'])
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (after)
    query = query.where((eb) => eb(eb.refTuple('createdAt', 'id'), '<', eb.tuple(after[0], after[1])))
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countSessions(db: Kysely<Schema>, userId: string): Promise<number> {
  const { total } = await current(db, userId)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** Ends sessions of one user: one, all but one, or (neither given) all. Returns those that had not ended before. */
export async function revokeSessions(
  db: Kysely<Schema>,
  userId: string,
  { only, except }: { only?: string; except?: string } = {},
): Promise<string[]> {
  const rows = await db
    .updateTable('sessions')
    .set({ revokedAt: sql`now()` })
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', sql<string>`now()`)
    .$if(only !== undefined, (q) => q.where('id', '=', only as string))
    .$if(except !== undefined, (q) => q.where('id', '<>', except as string))
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Ends the session that a refresh token belongs to. Undefined: there is no such token, or it was over. */
export async function revokeSessionOfToken(db: Kysely<Schema>, hash: Buffer): Promise<string | undefined> {
  const row = await db
    .updateTable('sessions')
    .from('refreshTokens')
    .set({ revokedAt: sql`now()` })
    .whereRef('sessions.id', '=', 'refreshTokens.sessionId')
    .where('refreshTokens.hash', '=', hash)
    .where('sessions.revokedAt', 'is', null)
    .returning('sessions.id')
    .executeTakeFirst()
  return row?.id
}
