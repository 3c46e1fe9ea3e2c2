import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { findServices } from '../../libs/local-stack/src/fleet/services.ts'
import { type ConfigVariable, describeConfig } from '../../libs/service/src/config/describe-config.ts'

const root = join(import.meta.dirname, '../..')

type ConfigSchema = Parameters<typeof describeConfig>[0]

export interface Configuration {
  /** The name of the service, as a person calls it. */
  service: string
  variables: ConfigVariable[]
}

/**
 * What every process of the workspace reads from its environment: the schema that the config.ts beside its entry file
 * exports.
 * @throws when a config.ts exports no schema
 */
export async function readConfigurations(): Promise<Configuration[]> {
  const configurations: Configuration[] = []
  for (const { name, directory, entry } of findServices({})) {
    const file = join(dirname(join(directory, entry)), 'config.ts')
    if (!existsSync(file))
      throw new Error(`${relative(root, file)} is missing: it describes what ${name} reads`)
    const exported = Object.entries((await import(file)) as Record<string, unknown>)
    const schema = exported.find(([key]) => /configSchema$/i.test(key))?.[1]
    if (schema === undefined) throw new Error(`${relative(root, file)} exports no configSchema`)
    configurations.push({ service: name, variables: describeConfig(schema as ConfigSchema) })
  }
  return configurations
}
