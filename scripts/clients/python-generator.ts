import { join } from 'node:path'
import { installPythonPackages } from '../python/install-packages.ts'

/**
 * Installs openapi-python-client with pip into this clone.
 * @returns the variables with which `python3` and `openapi-python-client` find it
 * @throws one sentence when there is no Python that is new enough, or it has no pip; otherwise what pip says
 */
export function installPythonGenerator(): Promise<{ PATH: string; PYTHONPATH: string }> {
  return installPythonPackages({
    purpose: 'Making the Python client',
    program: 'openapi-python-client',
    folder: 'clients',
    requirements: join(import.meta.dirname, 'requirements.txt'),
  })
}
