import type { MemberRole } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import type { Invitation, OwnInvitation } from './invitations.schema.ts'

/** The invitations that stand, of a cafeteria or for the account of a user. */
export type InvitationFilter = { cafeteriaId: string } | { userId: string }

function standing(db: Kysely<Schema>, filter: InvitationFilter) {
  const query = db
    .selectFrom('invitations as i')
    .innerJoin('cafeterias as c', 'c.id', 'i.cafeteriaId')
    .innerJoin('users as u', 'u.id', 'i.invitedBy')
    // `invitation_stands` asks for this too, but only here can the partial index of pending invitations answer it.
    .where('i.status', '=', 'pending')
    .where(sql<boolean>`invitation_stands(i)`)
  return 'userId' in filter
    ? query.where('i.email', '=', (eb) =>
        eb.selectFrom('users').select('users.email').where('users.id', '=', filter.userId),
      )
    : query.where('i.cafeteriaId', '=', filter.cafeteriaId)
}

/** Lists the invitations that stand, newest first. */
export async function listInvitations(
  db: Kysely<Schema>,
  filter: InvitationFilter,
  { limit, after, offset }: Slice<[id: string]>,
): Promise<(Invitation & OwnInvitation)[]> {
  let query = standing(db, filter)
    .select(['i.id', 'i.email', 'i.role', 'i.createdAt', 'i.expiresAt', 'u.name as invitedBy'])
    .select(['i.cafeteriaId', 'c.name as cafeteriaName'])
    .orderBy('i.id', 'desc')
    .limit(limit)
  if (after) query = query.where('i.id', '<', after[0])
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countInvitations(db: Kysely<Schema>, filter: InvitationFilter): Promise<number> {
  const { total } = await standing(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

interface Inviter {
  actorId: string
  /** Whether the actor may make and change managers, as only administrators do. */
  mayChangeManagers: boolean
  requestId: string
}

/** Invites by an email address, in lower case. `invitation` is null unless the outcome is `invited`. */
export async function insertInvitation(
  db: Kysely<Schema>,
  invited: { cafeteriaId: string; email: string; role: MemberRole; codeHash: Buffer },
  { actorId, mayChangeManagers, requestId }: Inviter,
): Promise<{
  outcome: 'invited' | 'no_cafeteria' | 'forbidden' | 'already_member'
  invitation: Invitation | null
}> {
  const { rows } = await sql<Awaited<ReturnType<typeof insertInvitation>>>`
    select outcome, case outcome when 'invited' then jsonb_build_object(
      'id', (invitation).id, 'email', (invitation).email, 'role', (invitation).role,
      'invitedBy', (select name from users where id = ${actorId}),
      'createdAt', (invitation).created_at, 'expiresAt', (invitation).expires_at) end as invitation
    from invite_member(${invited.cafeteriaId}, ${invited.email}, ${invited.role}, ${invited.codeHash}, ${actorId},
      ${mayChangeManagers}, ${requestId})`.execute(db)
  return rows[0] as (typeof rows)[number]
}

type Accepted =
  | { outcome: 'accepted'; cafeteriaId: string; role: MemberRole; status: null }
  | { outcome: 'not_found' | 'wrong_code'; status: null }
  | { outcome: 'closed'; status: string }

/** Makes the invited user a member. Accepting once more changes nothing. */
export async function acceptInvitation(
  db: Kysely<Schema>,
  answer: { userId: string; invitationId: string; codeHash: Buffer; requestId: string },
): Promise<Accepted> {
  const { rows } = await sql<Accepted>`
    select outcome, cafeteria_id, role, status
    from accept_invitation(${answer.userId}, ${answer.invitationId}, ${answer.codeHash}, ${answer.requestId})`.execute(
    db,
  )
  return rows[0] as Accepted
}

type Closed = { outcome: 'closed' | 'not_found' | 'forbidden' } | { outcome: 'answered'; status: string }

/** Declines an invitation for the invited user. */
export async function declineInvitation(
  db: Kysely<Schema>,
  { userId, invitationId, requestId }: { userId: string; invitationId: string; requestId: string },
): Promise<Closed> {
  const { rows } = await sql<Closed>`
    select outcome, status from close_invitation(${invitationId}, 'declined', ${userId}, null, false, ${requestId})`.execute(
    db,
  )
  return rows[0] as Closed
}

/** Withdraws an invitation of a cafeteria. */
export async function withdrawInvitation(
  db: Kysely<Schema>,
  { cafeteriaId, invitationId }: { cafeteriaId: string; invitationId: string },
  { actorId, mayChangeManagers, requestId }: Inviter,
): Promise<Closed> {
  const { rows } = await sql<Closed>`
    select outcome, status from close_invitation(${invitationId}, 'withdrawn', ${actorId}, ${cafeteriaId},
      ${mayChangeManagers}, ${requestId})`.execute(db)
  return rows[0] as Closed
}
