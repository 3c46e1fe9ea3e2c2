import { patientEnvironment } from '@comanda/local-stack/testing'
import type { Test } from 'tap'
import { Type } from 'typebox'
import { type BaseConfig, baseConfig, buildService, loadConfig, type ServiceOptions } from '#src/index.ts'
import { createLogger } from '#src/logging/logger.ts'

export type LogLine = Record<string, unknown>

/** A configuration as a test environment gives it. */
export function testConfig(env: Record<string, string> = {}): BaseConfig {
  return loadConfig(Type.Object(baseConfig), {
    NODE_ENV: 'test',
    LOG_LEVEL: 'debug',
    PORT: '0',
    ...patientEnvironment,
    ...env,
  })
}

type TestOptions = Omit<Partial<ServiceOptions>, 'config'> & { env?: Record<string, string> }

/** A service that keeps its log lines and closes with the test. Features are registered on it by the test. */
export async function testService(t: Test, { env, ...options }: TestOptions = {}) {
  const config = testConfig(env)
  const lines: LogLine[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const log = await createLogger({ name: 'test', config, stream })
  const app = await buildService({ name: 'test', version: '1.2.3', config, log, ...options })
  t.teardown(async () => {
    await app.close()
    options.redis?.disconnect()
  })
  return { app, lines, config }
}

let operations = 0

/** The declarations that every route must make, for routes whose test is about something else. */
export function route(summary: string) {
  operations += 1
  return { operationId: `operation${operations}`, summary }
}
