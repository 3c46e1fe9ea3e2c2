import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServiceUnderTest, startServiceUnderTest } from '@comanda/local-stack/testing'
import type { PodPlan } from './chart.ts'

export interface DeploymentOptions {
  name: string
  plan: PodPlan
  /** On top of what the chart says. */
  env: Record<string, string>
  replicas: number
  /** host:port of the pods that are ready, whenever they have changed. */
  onEndpoints: (addresses: readonly string[]) => void
}

/** Processes that are replaced as the Deployment controller, the kubelet and the endpoints replace pods. */
export interface Deployment {
  addresses: () => readonly string[]
  /** Replaces all, one by one. Resolves when the last of the old ones has ended. @throws when one did not end by itself */
  roll: () => Promise<void>
  stop: () => Promise<void>
}

const addressOf = ({ url }: ServiceUnderTest) => new URL(url).host

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { name, plan, env, replicas, onEndpoints } = options
  const entry = join(import.meta.dirname, `../../services/${name}/src/server.ts`)
  const all = new Set<ServiceUnderTest>()
  const ready = new Set<ServiceUnderTest>()

  const endpoints = () => onEndpoints([...ready].map(addressOf))

  async function start(): Promise<void> {
    const pod = await startServiceUnderTest(entry, { ...plan.env, ...env })
    all.add(pod)
    while (!(await fetch(`${pod.url}/health/ready`)).ok) await wait(200)
    ready.add(pod)
    endpoints()
  }

  /** Endpoints take it out at some moment of the sleep, as soon as they have heard; SIGTERM follows the sleep. */
  async function terminate(pod: ServiceUnderTest): Promise<void> {
    const preStopMilliseconds = plan.preStopSeconds * 1000
    const heardMilliseconds = Math.random() * Math.max(0, preStopMilliseconds - slackMilliseconds)
    await wait(heardMilliseconds)
    ready.delete(pod)
    endpoints()
    await wait(preStopMilliseconds - heardMilliseconds)
    const killer = setTimeout(
      () => void pod.stop('SIGKILL'),
      (plan.terminationGracePeriodSeconds - plan.preStopSeconds) * 1000,
    )
    const { code, signal } = await pod.stop('SIGTERM')
    clearTimeout(killer)
    all.delete(pod)
    if (code !== 0)
      throw new Error(`a pod of ${name} ended with ${code ?? signal}: ${pod.output().slice(-2000)}`)
  }

  for (let count = 0; count < replicas; count += 1) await start()
  return {
    addresses: () => [...ready].map(addressOf),
    async roll() {
      const terminations: Promise<void>[] = []
      // maxSurge 1, maxUnavailable 0: the next one starts as soon as an old one is marked, not when it has ended.
      for (const old of [...ready]) {
        await start()
        await wait(plan.minReadySeconds * 1000)
        terminations.push(terminate(old))
      }
      const failed = (await Promise.allSettled(terminations)).find(({ status }) => status === 'rejected')
      if (failed) throw (failed as PromiseRejectedResult).reason
    },
    async stop() {
      await Promise.all([...all].map((pod) => pod.stop('SIGKILL')))
    },
  }
}

/** What nginx takes at most to act on a new configuration. */
const slackMilliseconds = 1000
