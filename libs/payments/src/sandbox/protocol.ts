import { type Static, Type } from 'typebox'

/** The body of a request for an authorisation. The key it is made with addresses it from then on. */
export const AuthorizationBody = Type.Object({
  amountCents: Type.Integer({ minimum: 0 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  token: Type.String({ minLength: 1, maxLength: 200 }),
})

export const SandboxAuthorization = Type.Object({
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
export type SandboxAuthorization = Static<typeof SandboxAuthorization>

export const SandboxEvent = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.Union([
    Type.Literal('authorization.pending'),
    Type.Literal('authorization.approved'),
    Type.Literal('authorization.declined'),
  ]),
  createdAt: Type.String(),
  authorization: SandboxAuthorization,
})
export type SandboxEvent = Static<typeof SandboxEvent>
