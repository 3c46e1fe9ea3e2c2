import { baseConfig, buildService, createLogger, loadConfig, type ServiceOptions } from '@comanda/service'
import type { Test } from 'tap'
import { Type } from 'typebox'
import type { Cache } from '#src/index.ts'
import { type CachedResponsesOptions, cachedResponses } from '#src/responses/index.ts'

export interface TestServiceOptions extends Partial<Omit<ServiceOptions, 'config'>> {
  env?: Record<string, string>
  responses?: Partial<CachedResponsesOptions>
}

/** A service with cached routes; it closes with the test. Features are registered on it by the test. */
export async function cachingService(t: Test, cache: Cache, options: TestServiceOptions = {}) {
  const { env, responses, ...rest } = options
  const config = loadConfig(Type.Object(baseConfig), { NODE_ENV: 'test', PORT: '0', ...env })
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }
  const log = await createLogger({ name: 'test', config, stream })
  const app = await buildService({ name: 'test', version: '1.2.3', config, log, ...rest })
  await app.register(cachedResponses, { cache, ...responses })
  t.teardown(() => app.close())
  return { app, lines }
}
