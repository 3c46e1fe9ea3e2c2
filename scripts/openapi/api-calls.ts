import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiCall } from '../../libs/service/src/testing/record-api-calls.ts'

/** Where a test run writes how the services answered. */
export const apiCallsDirectory = join(import.meta.dirname, '../../.comanda/test/api-calls')

/** Every call of the last test run; empty when there was none. */
export function readApiCalls(): ApiCall[] {
  if (!existsSync(apiCallsDirectory)) return []
  return readdirSync(apiCallsDirectory)
    .flatMap((file) => readFileSync(join(apiCallsDirectory, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as ApiCall)
}
