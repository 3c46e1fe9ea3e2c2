import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { clusterProgram } from '../../../scripts/charts/cluster/programs.ts'
import type { KubernetesObject } from '../chart.ts'
import type { Namespace } from './cluster.ts'

export interface ObjectChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubernetesObject
}

/**
 * Everything that happens to the objects of one kind from now on, in the server's order. Of those that exist already, the
 * present state comes first.
 */
export async function watch(t: Test, { name }: Namespace, kind: string): Promise<ObjectChange[]> {
  const changes: ObjectChange[] = []
  const args = [`--namespace=${name}`, 'get', kind, '--watch', '--output-watch-events', '--output=json']
  const child = spawn(clusterProgram('kubectl'), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    const exit = once(child, 'exit')
    child.kill()
    await exit
  })
  createInterface({ input: child.stdout }).on('line', (line) =>
    changes.push(JSON.parse(line) as ObjectChange),
  )
  await once(child, 'spawn')
  return changes
}

export const componentOf = ({ metadata }: KubernetesObject) =>
  metadata.labels?.['app.kubernetes.io/component']

export const isReady = ({ metadata, status }: KubernetesObject) =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(
    ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True',
  )

/** After each change, how many pods of the component there were, and how many of them were ready. */
export function history(changes: ObjectChange[], component: string): { ready: number; all: number }[] {
  const pods = new Map<string, KubernetesObject>()
  const seen: { ready: number; all: number }[] = []
  for (const { type, object } of changes) {
    if (componentOf(object) !== component) continue
    if (type === 'DELETED' || object.metadata.deletionTimestamp !== undefined)
      pods.delete(object.metadata.name)
    else pods.set(object.metadata.name, object)
    const ready = [...pods.values()].filter(isReady).length
    seen.push({ ready, all: pods.size })
  }
  return seen
}
