import { join } from 'node:path'
import { serviceRuntime } from '../../libs/local-stack/src/fleet/runtime.ts'
import {
  recordStalls,
  type ServiceUnderTest,
  startServiceUnderTest,
} from '../../libs/local-stack/src/testing.ts'
import type { FuzzedProcess } from './process-costs.ts'
import { fuzzDirectory } from './run-fuzz.ts'

const root = join(import.meta.dirname, '../..')

/** Starts a service with the runtime's settings of where it is deployed, and with a record of when its event loop stood still. */
export async function startProcess(
  name: string,
  environment: Record<string, string>,
): Promise<{ service: ServiceUnderTest; process: FuzzedProcess }> {
  const stallsFile = join(fuzzDirectory, `${name}-stalls.jsonl`)
  const nodeOptions = [process.env['NODE_OPTIONS'] ?? '', serviceRuntime.NODE_OPTIONS].join(' ')
  const service = await startServiceUnderTest(join(root, 'services', name, 'src/server.ts'), {
    ...environment,
    ...serviceRuntime,
    ...recordStalls(stallsFile, nodeOptions),
  })
  const { child } = service
  const alive = () => child.exitCode === null && child.signalCode === null
  return { service, process: { name, pid: Number(child.pid), alive, stallsFile } }
}
