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
  FEED_BUFFERS_BYTES: Type.Integer({
    minimum: 65_536,
    maximum: 2 ** 31,
    default: 67_108_864,
    description:
      'Bytes of streamed feeds that may wait for all clients of a process; past them, the streams with the most are ended',
  }),
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
