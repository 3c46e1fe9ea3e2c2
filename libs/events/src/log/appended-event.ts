import { type TProperties, type TSchema, Type } from 'typebox'

export const Uuid = Type.String({ format: 'uuid' })
export const Currency = Type.String({ pattern: '^[A-Z]{3}$' })
/** Minor units of a currency. */
export const Cents = Type.Integer({ minimum: 0 })
/** A schema that takes null too. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** An object with these properties and no others. */
export const Exactly = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

/** What an event has whatever its type is. */
export const appended = {
  id: Type.Integer({
    minimum: 1,
    description: 'Recognises an event that a consumer is given again',
  }),
  actorId: Nullable(Uuid),
  actorRole: Type.Union(
    [
      Type.Literal('customer'),
      Type.Literal('staff'),
      Type.Literal('manager'),
      Type.Literal('admin'),
      Type.Literal('system'),
    ],
    { description: 'In which role it was done; `system` is a timer, a rule or a payment provider' },
  ),
  reason: Nullable(Type.String({ description: 'Why it was done, in the words of who did it' })),
  requestId: Nullable(Type.String({ description: 'The request in which it was done, if there was one' })),
  traceparent: Nullable(
    Type.String({
      description: 'What leads on the trace of that request (W3C Trace Context), if it was traced',
    }),
  ),
  at: Type.String({ format: 'date-time' }),
}
