import type { MemberRole } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import type { Member } from './members.schema.ts'

/** Lists the members of a cafeteria in the order of their ids. */
export async function listMembers(
  db: Kysely<Schema>,
  cafeteriaId: string,
  { limit, after, offset }: Slice<[userId: string]>,
): Promise<Member[]> {
  let query = db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.userId')
    .select(['memberships.userId', 'users.email', 'users.name', 'memberships.role', 'memberships.createdAt'])
    .where('memberships.cafeteriaId', '=', cafeteriaId)
    .orderBy('memberships.userId')
    .limit(limit)
  if (after) query = query.where('memberships.userId', '>', after[0])
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countMembers(db: Kysely<Schema>, cafeteriaId: string): Promise<number> {
  const { total } = await db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('cafeteriaId', '=', cafeteriaId)
    .executeTakeFirstOrThrow()
  return total
}

export interface MemberChange {
  cafeteriaId: string
  userId: string
  /** Whether the actor may make and change managers, as only administrators do. */
  mayChangeManagers: boolean
  actorId: string
  requestId: string
}

export interface MemberChanged {
  outcome: 'changed' | 'no_member' | 'forbidden'
}

/**
 * Gives a member another role, in one statement with its audit entry. Tokens with the roles of before are refused by their version; the
 * user's sessions go on with the new ones. Giving the role that they have changes nothing. `member` is null unless the outcome is `changed`.
 */
export async function updateMember(
  db: Kysely<Schema>,
  { cafeteriaId, userId, mayChangeManagers, actorId, requestId, role }: MemberChange & { role: MemberRole },
): Promise<MemberChanged & { member: Member | null }> {
  const { rows } = await sql<MemberChanged & { member: Member | null }>`
    with member as (
      select role from memberships where user_id = ${userId} and cafeteria_id = ${cafeteriaId}
    ), changed as (
      update memberships m set role = ${role}
      where m.user_id = ${userId} and m.cafeteria_id = ${cafeteriaId}
        and ((m.role = 'staff' and ${role} = 'staff') or ${mayChangeManagers})
      returning m.*, old.role as previous_role
    ), audit as (
      insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
      select ${actorId}::uuid, 'membership.update', 'membership', cafeteria_id || '/' || user_id, cafeteria_id,
        jsonb_build_object('role', previous_role), jsonb_build_object('role', role), ${requestId}
      from changed where previous_role <> role
    )
    select
      case
        when exists (select from changed) then 'changed'
        when exists (select from member) then 'forbidden'
        else 'no_member'
      end as outcome,
      (select jsonb_build_object('userId', u.id, 'email', u.email, 'name', u.name, 'role', changed.role,
        'createdAt', changed.created_at) from changed join users u on u.id = changed.user_id) as member`.execute(
    db,
  )
  return rows[0] as MemberChanged & { member: Member | null }
}

/** Removes a member from a cafeteria, and nothing else of what they may do, in one statement with its audit entry. */
export async function deleteMember(
  db: Kysely<Schema>,
  { cafeteriaId, userId, mayChangeManagers, actorId, requestId }: MemberChange,
): Promise<MemberChanged> {
  const { rows } = await sql<MemberChanged>`
    with member as (
      select role from memberships where user_id = ${userId} and cafeteria_id = ${cafeteriaId}
    ), removed as (
      delete from memberships m
      where m.user_id = ${userId} and m.cafeteria_id = ${cafeteriaId} and (m.role = 'staff' or ${mayChangeManagers})
      returning m.*
    ), audit as (
      insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, request_id)
      select ${actorId}::uuid, 'membership.delete', 'membership', cafeteria_id || '/' || user_id, cafeteria_id,
        jsonb_build_object('role', role), ${requestId}
      from removed
    )
    select
      case
        when exists (select from removed) then 'changed'
        when exists (select from member where role = 'manager') then 'forbidden'
        else 'no_member'
      end as outcome`.execute(db)
  return rows[0] as MemberChanged
}
