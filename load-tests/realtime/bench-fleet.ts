import { join } from 'node:path'
import { type ServiceUnderTest, startServiceUnderTest } from '@comanda/local-stack/testing'

/** The services that a part of the bench has started. */
export interface BenchFleet {
  /** Starts a service with the common environment and `more`. */
  start: (name: string, more?: Record<string, string>) => Promise<ServiceUnderTest>
  /** Ends all of them, the last one first. */
  stop: () => Promise<void>
}

/** @param env the environment of every service */
export function createBenchFleet(env: Record<string, string>): BenchFleet {
  const started: ServiceUnderTest[] = []
  return {
    async start(name, more = {}) {
      const entry = join(import.meta.dirname, `../../services/${name}/src/server.ts`)
      const service = await startServiceUnderTest(entry, { ...env, ...more })
      started.push(service)
      return service
    },
    async stop() {
      for (const service of started.toReversed()) await service.stop('SIGKILL')
    },
  }
}
