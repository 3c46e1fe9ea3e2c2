import { cacheConfig } from '@comanda/cache'
import { databaseConfig } from '@comanda/database'
import { paymentConfig } from '@comanda/payments'
import { baseConfig, loadConfig, port } from '@comanda/service'
import { type Static, Type } from 'typebox'

export const configSchema = Type.Object({
  ...baseConfig,
  PORT: port(3001, 'Port of the API'),
  ...databaseConfig,
  ...cacheConfig,
  ...paymentConfig,
  WALLET_CURRENCY: Type.String({
    default: 'MXN',
    pattern: '^[A-Z]{3}$',
    description: 'Currency (ISO 4217) of wallets that nothing was put into yet',
  }),
})
export type Config = Static<typeof configSchema>

/** @throws Error that names every bad variable */
export function readConfig(): Config {
  return loadConfig(configSchema)
}
