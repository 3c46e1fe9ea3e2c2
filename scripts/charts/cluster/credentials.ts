import { randomBytes } from 'node:crypto'

export interface User {
  /** The user's line of the API server's token file. */
  row: string
  /** A kubeconfig; JSON is YAML. */
  kubeconfig: string
}

/** A user who may do everything. @param authority path of the certificate that signed the API server's */
export function makeUser(name: string, { api, authority }: { api: string; authority: string }): User {
  const token = randomBytes(32).toString('hex')
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'comanda', cluster: { server: api, 'certificate-authority': authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'comanda', context: { cluster: 'comanda', user: name } }],
    'current-context': 'comanda',
  }
  return { row: `${token},${name},${name},system:masters`, kubeconfig: JSON.stringify(kubeconfig) }
}
