import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Line, partOf, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

const PriceDelta = Type.Integer({
  minimum: -1_000_000,
  maximum: 1_000_000,
  description: 'Added to the price of the product, in minor units of its currency',
})

export const Modifier = Type.Object(
  { id: Uuid, name: Type.String(), priceDeltaCents: PriceDelta, available: Type.Boolean() },
  { $id: 'Modifier' },
)
export type Modifier = Static<typeof Modifier>

export const ModifierGroup = Type.Object(
  {
    id: Uuid,
    cafeteriaId: Uuid,
    name: Type.String(),
    minSelect: Type.Integer({ description: 'The least that must be chosen; 0: none need be' }),
    maxSelect: Type.Integer({ description: 'The most that may be chosen' }),
    modifiers: Type.Array(refTo(Modifier), { description: 'In the order in which to show them' }),
    createdAt: Instant,
    updatedAt: Instant,
  },
  {
    $id: 'ModifierGroup',
    description: 'What a customer chooses from, as in "Milk"; one group serves many products',
  },
)
export type ModifierGroup = Static<typeof ModifierGroup>

export const modifierGroupFields = Object.keys(ModifierGroup.properties) as (keyof ModifierGroup)[]

const ModifierGroupSummary = partOf(ModifierGroup, 'ModifierGroupSummary')
export const ModifierGroupList = listOf(refTo(ModifierGroupSummary), 'ModifierGroupList')

export const ListModifierGroups = Type.Object({
  cafeteriaId: Type.Optional(Uuid),
  ...listQuery(modifierGroupFields),
})
export type ListModifierGroups = Static<typeof ListModifierGroups>

const modifier = {
  name: Line(100),
  priceDeltaCents: Type.Optional(PriceDelta),
  available: Type.Optional(Type.Boolean({ description: 'In stock; of a new modifier true unless given' })),
}
const NewModifier = Type.Object(modifier, { $id: 'NewModifier', additionalProperties: false })
export type NewModifier = Static<typeof NewModifier>

export const ModifierChange = Type.Object(
  {
    id: Type.Optional({
      ...Uuid,
      description: 'The modifier to change, in what is given; a new one without',
    }),
    ...modifier,
  },
  { $id: 'ModifierChange', additionalProperties: false },
)
export type ModifierChange = Static<typeof ModifierChange>

const properties = {
  name: Line(100),
  minSelect: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100, description: 'A new group has 0 unless it is given' }),
  ),
  maxSelect: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'A new group has 1 unless it is given' }),
  ),
}

export const NewModifierGroup = Type.Object(
  {
    cafeteriaId: Uuid,
    ...properties,
    modifiers: Type.Array(refTo(NewModifier), { minItems: 1, maxItems: 100 }),
  },
  { $id: 'NewModifierGroup', additionalProperties: false },
)
export type NewModifierGroup = Static<typeof NewModifierGroup>

export const ModifierGroupChanges = Type.Object(
  Type.Partial(
    Type.Object({
      ...properties,
      modifiers: Type.Array(refTo(ModifierChange), {
        minItems: 1,
        maxItems: 100,
        description: 'All that the group shall have: those left out are deleted',
      }),
    }),
  ).properties,
  { $id: 'ModifierGroupChanges', additionalProperties: false, minProperties: 1 },
)
export type ModifierGroupChanges = Static<typeof ModifierGroupChanges>

export const ModifierGroupParams = Type.Object({ modifierGroupId: Uuid })

export const modifierGroupSchemas = [
  Modifier,
  ModifierGroup,
  ModifierGroupSummary,
  ModifierGroupList,
  NewModifier,
  ModifierChange,
  NewModifierGroup,
  ModifierGroupChanges,
]
