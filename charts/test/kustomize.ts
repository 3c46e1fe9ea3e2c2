import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programOf } from '../../scripts/charts/go.ts'
import { tools } from '../../scripts/charts/versions.ts'
import { root } from './chart.ts'

/** What `kubectl apply --kustomize` would send, of a folder of k8s/. */
export async function buildK8s(folder: string): Promise<string> {
  const args = ['build', join(root, 'k8s', folder)]
  return (await promisify(execFile)(programOf(tools.kustomize), args)).stdout
}
