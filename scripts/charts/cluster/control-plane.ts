import { generateKeyPairSync } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePorts } from '../../../libs/local-stack/src/system/ports.ts'
import { installCrds } from './crds.ts'
import { makeUser, type User } from './credentials.ts'
import { makeNodes, stages } from './nodes.ts'
import { Servers } from './servers.ts'

const root = join(import.meta.dirname, '../../..')

export interface ControlPlane {
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string
  stop(): Promise<void>
}

/**
 * A cluster on this machine's loopback addresses: etcd, the API server, controllers and scheduler as they are deployed
 * everywhere, every operator's kinds, and the controller of Argo Rollouts. Only what is below the API of a node is played, by
 * kwok: pods become ready and jobs finish, but nothing runs in them. Logs and data are in .comanda/<name>, where every start
 * begins anew.
 * @throws with the end of its log when one of them does not start
 */
export async function startControlPlane(name: string): Promise<ControlPlane> {
  const directory = join(root, '.comanda', name)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const first = await findFreePorts(5)
  const ports = { etcd: first, peers: first + 1, api: first + 2, metrics: first + 3, health: first + 4 }
  const api = `https://127.0.0.1:${ports.api}`
  const file = (name: string) => join(directory, name)
  const user = (name: string): User => makeUser(name, { api, authority: file('apiserver.crt') })
  const users = {
    admin: user('admin'),
    'kube-controller-manager': user('kube-controller-manager'),
    'kube-scheduler': user('kube-scheduler'),
    kwok: user('kwok'),
    'rollouts-controller': user('rollouts-controller'),
  }
  const kubeconfig = (name: keyof typeof users) => file(`${name}.kubeconfig`)
  for (const [name, { kubeconfig }] of Object.entries(users)) {
    await writeFile(file(`${name}.kubeconfig`), kubeconfig, { mode: 0o600 })
  }
  await writeFile(
    file('tokens.csv'),
    Object.values(users)
      .map(({ row }) => row)
      .join('\n'),
    { mode: 0o600 },
  )
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(file('service-accounts.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), {
    mode: 0o600,
  })
  await writeFile(file('stages.yaml'), await stages())

  const servers = new Servers(directory)
  try {
    await servers.start('etcd', [
      `--data-dir=${file('etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${ports.peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${ports.peers}`,
      `--initial-cluster=default=http://127.0.0.1:${ports.peers}`,
      // What is forgotten at the next start need not survive a power cut.
      '--unsafe-no-fsync',
    ])
    await servers.waitFor(`http://127.0.0.1:${ports.etcd}/readyz`)
    await servers.start('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--secure-port=${ports.api}`,
      // Makes a certificate of its own in there.
      `--cert-dir=${directory}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${file('service-accounts.key')}`,
      `--service-account-signing-key-file=${file('service-accounts.key')}`,
      `--token-auth-file=${file('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--allow-privileged=true',
    ])
    await servers.waitFor(`${api}/readyz`, file('apiserver.crt'))
    await servers.start('kube-controller-manager', [
      `--kubeconfig=${kubeconfig('kube-controller-manager')}`,
      `--service-account-private-key-file=${file('service-accounts.key')}`,
      `--root-ca-file=${file('apiserver.crt')}`,
      '--leader-elect=false',
      '--secure-port=0',
      // Instead of every 15 s.
      '--horizontal-pod-autoscaler-sync-period=1s',
    ])
    await servers.start('kube-scheduler', [
      `--kubeconfig=${kubeconfig('kube-scheduler')}`,
      '--leader-elect=false',
      '--secure-port=0',
    ])
    await servers.start('kwok', [
      `--kubeconfig=${kubeconfig('kwok')}`,
      `--config=${file('stages.yaml')}`,
      '--manage-all-nodes=true',
      '--node-lease-duration-seconds=40',
    ])
    makeNodes(kubeconfig('admin'))
    await installCrds(kubeconfig('admin'))
    await servers.start('rollouts-controller', [
      `--kubeconfig=${kubeconfig('rollouts-controller')}`,
      '--leader-elect=false',
      `--metricsPort=${ports.metrics}`,
      `--healthzPort=${ports.health}`,
    ])
    await servers.waitFor(`http://127.0.0.1:${ports.health}/healthz`)
  } catch (error) {
    await servers.stop()
    throw error
  }
  return { kubeconfig: kubeconfig('admin'), stop: () => servers.stop() }
}
