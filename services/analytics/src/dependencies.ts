import type { ServiceDependencies } from '@comanda/service/dependencies'
import type { Config } from './config.ts'

/** What the app is built over. */
export type Dependencies = ServiceDependencies<Config>
