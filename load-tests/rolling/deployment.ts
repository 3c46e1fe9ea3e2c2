import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServiceUnderTest, startServiceUnderTest } from '@comanda/local-stack/testing'
import type { PodPlan } from './pod-plan.ts'

export interface DeploymentOptions {
  name: string
  plan: PodPlan
  /** Instead of what the chart says: addresses, ports and secrets of this machine. */
  env: Record<string, string>
  replicas: number
  /** host:port of the pods that are ready, whenever they have changed. */
  onEndpoints: (addresses: readonly string[]) => void
}

export interface Roll {
  /** From the start of a process to its first readiness, the longest. */
  slowestStartSeconds: number
  /** What went wrong, in sentences. */
  problems: string[]
}

/** Processes that are replaced as the Deployment controller, the kubelet and the endpoints replace pods. */
export interface Deployment {
  name: string
  /** That are ready, and not on their way out. */
  pods: () => readonly ServiceUnderTest[]
  /** Replaces all, one by one. Resolves when the last of the old ones has ended. */
  roll: () => Promise<Roll>
  stop: () => Promise<void>
}

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { name, plan, env, replicas, onEndpoints } = options
  const entry = join(import.meta.dirname, `../../services/${name}/src/server.ts`)
  const all = new Set<ServiceUnderTest>()
  const ready = new Set<ServiceUnderTest>()

  async function changeEndpoints(): Promise<void> {
    await wait(Math.random() * slowestEndpointsMilliseconds)
    onEndpoints([...ready].map(({ url }) => new URL(url).host))
  }

  /** Seconds until it was ready; resolves when it counts as available. */
  async function start(): Promise<number> {
    const startedAt = performance.now()
    const pod = await startServiceUnderTest(entry, { ...plan.env, ...env })
    all.add(pod)
    while (!(await fetch(pod.url + plan.readyPath)).ok) await wait(plan.readinessPeriodSeconds * 1000)
    const seconds = (performance.now() - startedAt) / 1000
    ready.add(pod)
    await Promise.all([changeEndpoints(), wait(plan.minReadySeconds * 1000)])
    return seconds
  }

  /** Whether load balancers have heard of it by the end of the sleep is not waited for. The grace begins with the sleep. */
  async function terminate(pod: ServiceUnderTest): Promise<string | null> {
    const preStopMilliseconds = plan.preStopSeconds * 1000
    ready.delete(pod)
    const heard = changeEndpoints()
    await wait(preStopMilliseconds)
    const graceMilliseconds = plan.terminationGracePeriodSeconds * 1000 - preStopMilliseconds
    const earlier = pod.output().length
    const killer = setTimeout(() => void pod.stop('SIGKILL'), graceMilliseconds)
    const { code, signal } = await pod.stop('SIGTERM')
    clearTimeout(killer)
    all.delete(pod)
    await heard
    const errors =
      pod
        .output()
        .slice(earlier)
        .match(/^.*"level":"(error|fatal)".*$/gm) ?? []
    if (code === 0 && errors.length === 0) return null
    return `a pod of ${name} ended with ${code ?? signal} and logged ${errors.slice(0, 3).join(', ') || 'no error'}`
  }

  await Promise.all(Array.from({ length: replicas }, start))
  return {
    name,
    pods: () => [...ready],
    async roll() {
      const starts: number[] = []
      const terminations: Promise<string | null>[] = []
      const old = [...ready]
      // maxSurge 1, maxUnavailable 0: the next one starts as soon as an old one is on its way out.
      for (const pod of old) {
        starts.push(await start())
        terminations.push(terminate(pod))
      }
      const problems = (await Promise.all(terminations)).filter((problem) => problem !== null)
      return { slowestStartSeconds: Math.max(...starts), problems }
    },
    async stop() {
      await Promise.all([...all].map((pod) => pod.stop('SIGKILL')))
    },
  }
}

/** Gateways act on changed endpoints after a moment: ingress-nginx for one gathers those of 3.3 s. */
const slowestEndpointsMilliseconds = 4000
