import { databaseConfig } from '@comanda/database'
import { paymentConfig } from '@comanda/payments'
import { baseConfig, loadConfig, port } from '@comanda/service'
import { type Static, Type } from 'typebox'

export const configSchema = Type.Object({
  ...baseConfig,
  PORT: port(3004, 'Port of the health checks'),
  ...databaseConfig,
  ...paymentConfig,
  WORKER_POLL_SECONDS: Type.Number({
    default: 1,
    minimum: 0.01,
    maximum: 60,
    description: 'Pause between two polls for orders and payments that are due',
  }),
  FEED_RETENTION_DAYS: Type.Number({
    default: 30,
    minimum: 0.01,
    maximum: 3650,
    description: 'How many days ago something must have happened to be deleted from the feeds of cafeterias',
  }),
  WORKER_SLOT_DAYS: Type.Integer({
    default: 7,
    minimum: 1,
    maximum: 60,
    description: 'How many days ahead pick-up slots are open',
  }),
})
export type Config = Static<typeof configSchema>

/** @throws Error that names every bad variable */
export function readConfig(): Config {
  return loadConfig(configSchema)
}
