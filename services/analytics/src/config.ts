import { cacheConfig } from '@comanda/cache'
import { databaseConfig, reportsConfig } from '@comanda/database'
import { baseConfig, loadConfig, port } from '@comanda/service'
import { type Static, Type } from 'typebox'

export const configSchema = Type.Object({
  ...baseConfig,
  PORT: port(3003, 'Port of the API'),
  ...databaseConfig,
  // A statement that runs longer keeps a standby from replaying what the primary has written.
  DATABASE_STATEMENT_SECONDS: Type.Number({
    default: 2,
    minimum: 0.1,
    description: 'Longest time for one statement of a dashboard',
  }),
  ...reportsConfig,
  ...cacheConfig,
})
export type Config = Static<typeof configSchema>

/** @throws Error that names every bad variable */
export function readConfig(): Config {
  return loadConfig(configSchema)
}
