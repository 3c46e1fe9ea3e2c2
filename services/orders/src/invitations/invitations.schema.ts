import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, partOf, TypedEmail, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { MemberRole } from '../members/members.schema.ts'
import { codePattern } from './invitation-code.ts'

const shared = {
  role: MemberRole,
  invitedBy: Type.String({ description: 'The name of whoever made it' }),
  createdAt: Instant,
  expiresAt: Type.String({ format: 'date-time', description: 'When it can no longer be accepted' }),
}

/** An invitation as those who manage the cafeteria see it. */
export const Invitation = Type.Object(
  { id: Uuid, email: Type.String({ description: 'Whose account can accept it' }), ...shared },
  { $id: 'Invitation' },
)
export type Invitation = Static<typeof Invitation>
export const invitationFields = Object.keys(Invitation.properties) as (keyof Invitation)[]

export const NewInvitation = Type.Object(
  {
    ...Invitation.properties,
    code: Type.String({
      description: 'For the invited person, who needs it to accept; it is answered this once',
    }),
  },
  { $id: 'NewInvitation' },
)
export type NewInvitation = Static<typeof NewInvitation>

export const InviteMember = Type.Object(
  { email: TypedEmail, role: MemberRole },
  { $id: 'InviteMember', additionalProperties: false },
)
export type InviteMember = Static<typeof InviteMember>

/** An invitation as the invited person sees it. */
export const OwnInvitation = Type.Object(
  { id: Uuid, cafeteriaId: Uuid, cafeteriaName: Type.String(), ...shared },
  { $id: 'OwnInvitation' },
)
export type OwnInvitation = Static<typeof OwnInvitation>
export const ownInvitationFields = Object.keys(OwnInvitation.properties) as (keyof OwnInvitation)[]

export const AcceptInvitation = Type.Object(
  {
    code: Type.String({
      pattern: codePattern,
      description: 'What the manager has handed over, in any case',
    }),
  },
  { $id: 'AcceptInvitation', additionalProperties: false },
)

export const AcceptedInvitation = Type.Object(
  { cafeteriaId: Uuid, role: { ...MemberRole, description: 'What the caller is there now' } },
  { $id: 'AcceptedInvitation' },
)
export type AcceptedInvitation = Static<typeof AcceptedInvitation>

const InvitationSummary = partOf(Invitation, 'InvitationSummary')
export const InvitationList = listOf(refTo(InvitationSummary), 'InvitationList')
const OwnInvitationSummary = partOf(OwnInvitation, 'OwnInvitationSummary')
export const OwnInvitationList = listOf(refTo(OwnInvitationSummary), 'OwnInvitationList')

export const ListInvitations = Type.Object(listQuery(invitationFields), { additionalProperties: false })
export type ListInvitations = Static<typeof ListInvitations>
export const ListOwnInvitations = Type.Object(listQuery(ownInvitationFields), { additionalProperties: false })
export type ListOwnInvitations = Static<typeof ListOwnInvitations>

export const InvitationParams = Type.Object({ invitationId: Uuid }, { additionalProperties: false })
export const CafeteriaInvitationParams = Type.Object(
  { cafeteriaId: Uuid, invitationId: Uuid },
  { additionalProperties: false },
)

export const invitationSchemas = [
  Invitation,
  NewInvitation,
  InviteMember,
  OwnInvitation,
  AcceptInvitation,
  AcceptedInvitation,
  InvitationSummary,
  InvitationList,
  OwnInvitationSummary,
  OwnInvitationList,
]
