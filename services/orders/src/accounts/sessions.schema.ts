import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const Session = Type.Object(
  {
    id: Uuid,
    current: Type.Boolean({ description: 'Whether it is the one that asks' }),
    userAgent: Type.Union([Type.String(), Type.Null()]),
    address: Type.Union([Type.String(), Type.Null()], { description: 'From where it was begun' }),
    createdAt: Instant,
    lastUsedAt: Type.String({ format: 'date-time', description: 'When it was begun or last refreshed' }),
    expiresAt: Type.String({ format: 'date-time', description: 'When it ends if it is not refreshed' }),
  },
  { $id: 'Session' },
)
export type Session = Static<typeof Session>
export const sessionFields = Object.keys(Session.properties) as (keyof Session)[]

export const ListSessions = Type.Object(listQuery(sessionFields), { additionalProperties: false })
export type ListSessions = Static<typeof ListSessions>

export const SessionParams = Type.Object({ sessionId: Uuid }, { additionalProperties: false })

export const EndSessions = Type.Object({
  scope: Type.Optional(
    Type.Enum(['others', 'all'], {
      default: 'others',
      description: '`all` includes the one that asks',
    }),
  ),
})

/** All of a session or, with `fields`, some of it. */
const SessionSummary = Type.Object(Type.Partial(Session).properties, { $id: 'SessionSummary' })
export const SessionList = listOf(refTo(SessionSummary), 'SessionList')

export const sessionSchemas = [Session, SessionSummary, SessionList]
