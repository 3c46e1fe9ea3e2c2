import type { BaseConfig } from '../config/load-config.ts'
import type { Service } from '../service.ts'
import { startService } from '../shutdown/start-service.ts'
import { closeServiceDependencies, type ServiceDependencies } from './open-dependencies.ts'

/**
 * Runs a service as this process: reads its configuration, opens what it is built over, builds it, listens, and stops when the
 * process is asked to, as `startService` says. When it cannot start, it says why in one line and exits with 1.
 */
export async function runService<C extends BaseConfig, D extends ServiceDependencies<unknown>>(options: {
  readConfig: () => C
  open: (config: C) => Promise<D>
  build: (dependencies: D) => Promise<Service>
}): Promise<void> {
  try {
    const config = options.readConfig()
    const dependencies = await options.open(config)
    const app = await options.build(dependencies)
    await startService(app, config, () => closeServiceDependencies(dependencies))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
