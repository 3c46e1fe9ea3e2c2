import { listOf, listQuery, refTo } from '@comanda/service'
import { GivenInstant, Instant, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

/** The state of a subject as its own routes answer it, or the part of it that was changed. */
const State = Nullable(Type.Object({}, { additionalProperties: true }))

export const AuditLogEntry = Type.Object(
  {
    id: Type.Integer({ minimum: 1, description: 'Grows with every entry' }),
    at: Instant,
    actorId: Type.Union([Uuid, Type.Null()], { description: 'Who did it; null: the installation itself' }),
    action: Type.String({ description: 'The type of the subject and what was done, as in `product.update`' }),
    subjectType: Type.String({ description: 'As in `product`' }),
    subjectId: Type.String({
      description: 'The id of the subject; of a membership, cafeteria and user with `/` between',
    }),
    cafeteriaId: Type.Union([Uuid, Type.Null()], {
      description: 'The cafeteria that the subject belongs to; null for what belongs to none',
    }),
    before: { ...State, description: 'Null when it did not exist' },
    after: { ...State, description: 'Null when it was deleted' },
    requestId: Type.Union([Type.String(), Type.Null()], { description: 'The `x-request-id` of the request' }),
  },
  { $id: 'AuditLogEntry' },
)
export type AuditLogEntry = Static<typeof AuditLogEntry>
export const auditLogFields = Object.keys(AuditLogEntry.properties) as (keyof AuditLogEntry)[]

const name = { minLength: 1, maxLength: 60, pattern: '^[a-z_]+$' }

export const ListAuditLog = Type.Object(
  {
    cafeteriaId: Type.Optional(Uuid),
    actorId: Type.Optional(Uuid),
    action: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[a-z_]+\\.[a-z_]+$',
        description: 'As in `product.update`',
      }),
    ),
    subjectType: Type.Optional(Type.String({ ...name, description: 'As in `product`' })),
    subjectId: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9/_-]+$' })),
    requestId: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[!-~]+$' })),
    from: Type.Optional({ ...GivenInstant, description: 'The earliest moment, included' }),
    until: Type.Optional({ ...GivenInstant, description: 'The end, excluded' }),
    ...listQuery(auditLogFields),
  },
  { additionalProperties: false },
)
export type ListAuditLog = Static<typeof ListAuditLog>

/** All of an entry or, with `fields`, some of it. */
const AuditLogSummary = Type.Object(Type.Partial(AuditLogEntry).properties, { $id: 'AuditLogSummary' })
export const AuditLogList = listOf(refTo(AuditLogSummary), 'AuditLogList')

export const auditLogSchemas = [AuditLogEntry, AuditLogSummary, AuditLogList]
