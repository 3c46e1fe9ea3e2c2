import { join } from 'node:path'
import { installPythonPackages } from '../python/install-packages.ts'

/**
 * Installs schemathesis with pip into this clone.
 * @returns the variables with which `python3` finds it
 * @throws one sentence when there is no Python that is new enough, or it has no pip; otherwise what pip says
 */
export function installSchemathesis(): Promise<{ PATH: string; PYTHONPATH: string }> {
  return installPythonPackages({
    purpose: 'Fuzzing the API',
    folder: 'fuzz',
    program: 'schemathesis',
    requirements: join(import.meta.dirname, 'requirements.txt'),
  })
}
