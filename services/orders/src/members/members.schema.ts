import { memberRoles } from '@comanda/access'
import { listOf, listQuery, refTo } from '@comanda/service'
import { Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const MemberRole = Type.Enum(memberRoles)

export const Member = Type.Object(
  {
    userId: Uuid,
    email: Type.String(),
    name: Type.String(),
    role: MemberRole,
    createdAt: Type.String({ format: 'date-time', description: 'Since when they work here' }),
  },
  { $id: 'Member' },
)
export type Member = Static<typeof Member>

export const memberFields = Object.keys(Member.properties) as (keyof Member)[]

/** All of a member or, with `fields`, some of it. */
const MemberSummary = Type.Object(Type.Partial(Member).properties, { $id: 'MemberSummary' })
export const MemberList = listOf(refTo(MemberSummary), 'MemberList')

export const ListMembers = Type.Object(listQuery(memberFields), { additionalProperties: false })
export type ListMembers = Static<typeof ListMembers>

export const ChangeMember = Type.Object(
  { role: MemberRole },
  { $id: 'ChangeMember', additionalProperties: false },
)

export const CafeteriaParams = Type.Object({ cafeteriaId: Uuid }, { additionalProperties: false })
export const MemberParams = Type.Object({ cafeteriaId: Uuid, userId: Uuid }, { additionalProperties: false })

export const memberSchemas = [Member, MemberSummary, MemberList, ChangeMember]
