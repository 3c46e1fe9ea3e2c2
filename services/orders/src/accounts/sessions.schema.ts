import { cursorListOf, refTo } from '@comanda/service'
import { type Static, Type } from 'typebox'
import { Instant, Uuid } from '../values/values.schema.ts'

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

export const SessionParams = Type.Object({ sessionId: Uuid }, { additionalProperties: false })

export const EndSessions = Type.Object({
  scope: Type.Optional(
    Type.Enum(['others', 'all'], {
      default: 'others',
      description: '`all` includes the one that asks',
    }),
  ),
})

export const SessionList = cursorListOf(refTo(Session), 'SessionList')

export const sessionSchemas = [Session, SessionList]
