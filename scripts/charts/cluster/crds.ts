import { execFileSync } from 'node:child_process'
import { crdFiles } from '../schemas.ts'
import { clusterProgram } from './programs.ts'

/** Makes the kinds of every operator known. @param kubeconfig path of an administrator's */
export async function installCrds(kubeconfig: string): Promise<void> {
  const files = (await crdFiles()).map((file) => `--filename=${file}`)
  const kubectl = (args: string[]) =>
    execFileSync(clusterProgram('kubectl'), [`--kubeconfig=${kubeconfig}`, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  kubectl(['apply', '--server-side', ...files])
  kubectl(['wait', '--for=condition=Established', 'crds', '--all', '--timeout=60s'])
}
