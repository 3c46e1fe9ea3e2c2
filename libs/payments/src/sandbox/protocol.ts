import { type Static, Type } from 'typebox'

/** What the sandbox and its client say to one another. Authorisations are addressed by the key they were made with. */
export const AuthorizationRequest = Type.Object({
  amountCents: Type.Integer({ minimum: 0 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  token: Type.String({ minLength: 1, maxLength: 200 }),
})

export const Authorization = Type.Object({
  key: Type.String(),
  reference: Type.String(),
  status: Type.Union([
    Type.Literal('pending'),
    Type.Literal('authorized'),
    Type.Literal('captured'),
    Type.Literal('declined'),
    Type.Literal('voided'),
  ]),
  declineCode: Type.Union([Type.String(), Type.Null()]),
  amountCents: Type.Integer(),
  currency: Type.String(),
  refundedCents: Type.Integer(),
})
export type Authorization = Static<typeof Authorization>

export const Event = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.Union([
    Type.Literal('authorization.pending'),
    Type.Literal('authorization.approved'),
    Type.Literal('authorization.declined'),
  ]),
  createdAt: Type.String(),
  authorization: Authorization,
})
export type Event = Static<typeof Event>
