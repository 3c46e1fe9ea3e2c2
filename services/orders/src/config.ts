import { databaseConfig } from '@comanda/database'
import { baseConfig, loadConfig, port } from '@comanda/service'
import { type Static, Type } from 'typebox'

export const configSchema = Type.Object({
  ...baseConfig,
  PORT: port(3001, 'Port of the API'),
  ...databaseConfig,
})
export type Config = Static<typeof configSchema>

/** @throws Error that names every bad variable */
export function readConfig(): Config {
  return loadConfig(configSchema)
}
