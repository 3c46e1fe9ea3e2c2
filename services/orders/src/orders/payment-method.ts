import { Type } from 'typebox'

export const PaymentMethod = Type.Unsafe<'wallet' | 'card'>(
  Type.Union([Type.Literal('wallet'), Type.Literal('card')], { $id: 'PaymentMethod' }),
)

export const CardToken = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The card, as the provider tokenised it',
})
