import { EmailAddress, Line, Nullable, Text, TimeZone } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

const settings = {
  name: Type.String({ ...Line(100), description: 'What this installation is called' }),
  announcement: Nullable({ ...Text(1000), description: 'Shown to everybody; null: nothing to say' }),
  supportEmail: Nullable(EmailAddress),
  locales: Type.Array(Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$' }), {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    description: 'What clients offer; the first is the default',
  }),
  timeZone: Type.String({ ...TimeZone, description: 'The time zone of times that belong to no cafeteria' }),
}

export const Settings = Type.Object(
  {
    ...settings,
    currency: Type.String({
      description: 'The currency of wallets, ISO 4217; set where the service is deployed',
    }),
  },
  { $id: 'Settings' },
)
export type Settings = Static<typeof Settings>

export const SettingsChanges = Type.Object(Type.Partial(Type.Object(settings)).properties, {
  $id: 'SettingsChanges',
  additionalProperties: false,
  minProperties: 1,
})
export type SettingsChanges = Static<typeof SettingsChanges>

/** The settings of an installation that nobody has configured yet. */
export const defaultSettings: Omit<Settings, 'currency'> = {
  name: 'comanda',
  announcement: null,
  supportEmail: null,
  locales: ['es', 'en'],
  timeZone: 'America/Mexico_City',
}

export const settingsSchemas = [Settings, SettingsChanges]
