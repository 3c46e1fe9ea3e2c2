import { type Deployment, startDeployment } from './deployment.ts'
import { readPodPlans } from './pod-plan.ts'
import { type Proxy, startProxy, type Upstreams } from './proxy.ts'

const names = ['orders', 'realtime', 'worker'] as const
const replicas = 2

export interface Fleet {
  proxy: Proxy
  deployments: readonly Deployment[]
  /** Replaces every process, of all deployments at once as an upgrade does. */
  roll: () => Promise<FleetRoll>
  stop: () => Promise<void>
}

export interface FleetRoll {
  seconds: number
  /** From the start of a process to its readiness: the longest of each deployment, in words. */
  starts: string[]
  /** What went wrong, in sentences. */
  problems: string[]
}

/** @param env what of the chart's environment is otherwise on this machine */
export async function startFleet(env: Record<string, string>): Promise<Fleet> {
  const plans = await readPodPlans(names)
  const upstreams: Upstreams = { orders: [], realtime: [] }
  const proxy = await startProxy(upstreams)
  const deployments = await Promise.all(
    names.map((name) =>
      startDeployment({
        name,
        plan: plans[name],
        env,
        replicas,
        onEndpoints(addresses) {
          // Nobody calls a worker.
          if (name === 'worker') return
          upstreams[name] = addresses
          proxy.use(upstreams)
        },
      }),
    ),
  )
  return {
    proxy,
    deployments,
    async roll() {
      const beganAt = performance.now()
      const before = deployments.map(({ pods }) => pods())
      const served = proxy.requests().length
      const rolls = await Promise.all(deployments.map(({ roll }) => roll()))
      const calls = new Set(
        proxy
          .requests()
          .slice(served)
          .map(({ upstream }) => upstream),
      )
      const problems = rolls.flatMap((roll) => roll.problems)
      for (const [index, { name, pods }] of deployments.entries()) {
        const old = before[index] ?? []
        const after = pods()
        if (after.length !== replicas || after.some((pod) => old.includes(pod)))
          problems.push(`not every process of ${name} was replaced`)
        // A socket is only written down when it ends, so that new gateways have not served any yet.
        const called = name === 'orders' ? [...old, ...after] : name === 'realtime' ? old : []
        if (called.some(({ url }) => !calls.has(new URL(url).host)))
          problems.push(`nobody called one of the processes of ${name}`)
      }
      return {
        seconds: (performance.now() - beganAt) / 1000,
        starts: rolls.map((roll, index) => `${names[index]} ${roll.slowestStartSeconds.toFixed(1)} s`),
        problems,
      }
    },
    async stop() {
      await Promise.all(deployments.map((deployment) => deployment.stop()))
      await proxy.stop()
    },
  }
}
