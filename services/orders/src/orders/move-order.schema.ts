import { Paragraph } from '@comanda/service/values'
import { Type } from 'typebox'

export const MoveHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      pattern: '^(\\*|(W/)?"[0-9]{1,9}")$',
      description: 'The `ETag` of the order as you know it',
    }),
  ),
})

const Reason = Paragraph(500)
export const RejectOrder = Type.Object(
  { reason: Reason },
  { $id: 'RejectOrder', additionalProperties: false },
)
export const CancelOrder = Type.Object(
  { reason: Type.Optional(Reason) },
  { $id: 'CancelOrder', additionalProperties: false, description: 'Staff must give a reason' },
)
export const CollectOrder = Type.Object(
  {
    pickupCode: Type.String({
      pattern: '^[0-9A-Za-z]{4}$',
      description: 'What the customer shows, in any case; the last part of what its QR code says',
    }),
  },
  { $id: 'CollectOrder', additionalProperties: false },
)
