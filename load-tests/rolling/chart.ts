import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What the chart makes of a component, as far as its restarts are concerned. Times are in seconds. */
export interface PodPlan {
  minReadySeconds: number
  preStopSeconds: number
  terminationGracePeriodSeconds: number
  env: Record<string, string>
}

interface Component {
  strategy: { minReadySeconds: number }
  preStopSeconds: number
  terminationGracePeriodSeconds: number
  env: Record<string, string>
}

interface Values {
  config: Record<string, string>
  defaults: Component
  components: Record<string, Partial<Component>>
}

const file = join(import.meta.dirname, '../../charts/comanda/values.yaml')

/** Reads charts/comanda/values.yaml; the deadline is what the chart leaves a process after the sleep and 5 s for the kubelet. */
export function readPodPlan(name: string): PodPlan {
  const { config, defaults, components } = parse(readFileSync(file, 'utf8')) as Values
  const own = components[name]
  if (own === undefined) throw new Error(`the chart has no component ${name}`)
  const { strategy, preStopSeconds, terminationGracePeriodSeconds } = { ...defaults, ...own }
  return {
    minReadySeconds: strategy.minReadySeconds,
    preStopSeconds,
    terminationGracePeriodSeconds,
    env: {
      NODE_ENV: 'production',
      ...config,
      ...own.env,
      SHUTDOWN_DEADLINE_SECONDS: String(terminationGracePeriodSeconds - preStopSeconds - 5),
    },
  }
}
