import type { MemberRole } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface Account {
  id: string
  email: string
  name: string
  locale: string
  isAdmin: boolean
  createdAt: string
  /** The version of `isAdmin` and `memberships`, read with them. */
  rolesVersion: number
  memberships: { cafeteriaId: string; role: MemberRole }[]
}

/** The columns of an Account, from a row of users called `u`. */
export const accountColumns = sql`u.id, u.email, u.name, u.locale, u.is_admin, u.created_at, u.roles_version, coalesce((
  select jsonb_agg(jsonb_build_object('cafeteriaId', m.cafeteria_id, 'role', m.role) order by m.cafeteria_id)
  from memberships m where m.user_id = u.id
), '[]') as memberships`

export interface NewAccount {
  /** The address in lower case. */
  email: string
  name: string
  passwordHash: string
  /** Null means the installation's default. */
  locale: string | null
}

export interface NewSession {
  userAgent: string | null
  address: string | null
  refreshTokenHash: Buffer
}

/** Inserts an account and its first session, in one statement. Undefined: the email address is taken. */
export async function insertAccount(
  db: Kysely<Schema>,
  account: NewAccount,
  session: NewSession,
): Promise<(Account & { sessionId: string }) | undefined> {
  const { rows } = await sql<Account & { sessionId: string }>`
    with u as (
      insert into users (email, name, password_hash, locale)
      values (${account.email}, ${account.name}, ${account.passwordHash}, coalesce(${account.locale}, 'es'))
      on conflict (email) do nothing returning *
    ), session as (
      insert into sessions (user_id, user_agent, address, expires_at)
      select id, ${session.userAgent}, ${session.address}, now() + interval '30 days' from u returning id
    ), token as (
      insert into refresh_tokens (hash, session_id) select ${session.refreshTokenHash}::bytea, id from session
    )
    select ${accountColumns}, session.id as session_id from u, session`.execute(db)
  return rows[0]
}

export function findPasswordByEmail(
  db: Kysely<Schema>,
  email: string,
): Promise<{ id: string; passwordHash: string } | undefined> {
  return db.selectFrom('users').select(['id', 'passwordHash']).where('email', '=', email).executeTakeFirst()
}

export async function findAccount(db: Kysely<Schema>, id: string): Promise<Account | undefined> {
  const { rows } = await sql<Account>`select ${accountColumns} from users u where u.id = ${id}`.execute(db)
  return rows[0]
}

/** Changes the columns whose value is not null. */
export async function updateAccount(
  db: Kysely<Schema>,
  id: string,
  { name, locale }: { name: string | null; locale: string | null },
): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    update users u set name = coalesce(${name}, u.name), locale = coalesce(${locale}, u.locale), updated_at = now()
    where u.id = ${id} returning ${accountColumns}`.execute(db)
  return rows[0]
}

export function findPerson(
  db: Kysely<Schema>,
  id: string,
): Promise<{ email: string; name: string; passwordHash: string } | undefined> {
  return db
    .selectFrom('users')
    .select(['email', 'name', 'passwordHash'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * Replaces a password that is still `previousHash`, and ends every session but one, in one statement.
 * @returns the sessions ended; undefined when another request replaced the password meanwhile
 */
export async function updatePassword(
  db: Kysely<Schema>,
  change: { userId: string; previousHash: string; hash: string; keptSessionId: string },
): Promise<string[] | undefined> {
  const { rows } = await sql<{ sessionIds: string[] }>`
    with u as (
      update users set password_hash = ${change.hash}, updated_at = now()
      where id = ${change.userId} and password_hash = ${change.previousHash} returning id
    ), ended as (
      update sessions s set revoked_at = now() from u
      where s.user_id = u.id and s.id <> ${change.keptSessionId} and s.revoked_at is null and s.expires_at > now()
      returning s.id
    )
    select coalesce((select jsonb_agg(id) from ended), '[]') as session_ids from u`.execute(db)
  return rows[0]?.sessionIds
}
