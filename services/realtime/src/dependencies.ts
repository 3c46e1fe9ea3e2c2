import { openServiceDependencies, type ServiceDependencies } from '@comanda/service/dependencies'
import type { Config } from './config.ts'

/** What the app is built over. */
export type Dependencies = ServiceDependencies<Config>

/** Opens pools and connections; none of them waits for its server. */
export function openDependencies(config: Config): Promise<Dependencies> {
  return openServiceDependencies({ name: 'realtime', config })
}
