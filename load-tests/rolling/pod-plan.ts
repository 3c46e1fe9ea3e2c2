import { production, render } from '../../charts/test/chart.ts'
import { installCommand } from '../../scripts/charts/go.ts'
import { tools } from '../../scripts/charts/versions.ts'

/** What the chart tells Kubernetes of one component, as far as its restarts are concerned. Times are in seconds. */
export interface PodPlan {
  minReadySeconds: number
  readinessPeriodSeconds: number
  readyPath: string
  preStopSeconds: number
  terminationGracePeriodSeconds: number
  env: Record<string, string>
}

interface Deployment {
  spec: {
    minReadySeconds: number
    strategy: { rollingUpdate: { maxSurge: number; maxUnavailable: number } }
    template: {
      spec: {
        terminationGracePeriodSeconds: number
        containers: [
          {
            lifecycle: { preStop: { sleep: { seconds: number } } }
            readinessProbe: { httpGet: { path: string }; periodSeconds: number }
          },
        ]
      }
    }
  }
}

/** Renders the chart as it is for production. @throws when it no longer replaces pods one by one */
export async function readPodPlans<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, PodPlan>> {
  await installCommand(tools.helm)
  const objects = await render({ values: production })
  const plans = names.map((name): [Name, PodPlan] => {
    const { spec } = objects.get('Deployment', `comanda-${name}`) as unknown as Deployment
    const { data } = objects.get('ConfigMap', `comanda-${name}`) as unknown as { data: PodPlan['env'] }
    const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate
    if (maxSurge !== 1 || maxUnavailable !== 0)
      throw new Error(`the chart replaces ${name} otherwise than one by one`)
    const { terminationGracePeriodSeconds, containers } = spec.template.spec
    const [{ lifecycle, readinessProbe }] = containers
    return [
      name,
      {
        minReadySeconds: spec.minReadySeconds,
        readinessPeriodSeconds: readinessProbe.periodSeconds,
        readyPath: readinessProbe.httpGet.path,
        preStopSeconds: lifecycle.preStop.sleep.seconds,
        terminationGracePeriodSeconds,
        env: data,
      },
    ]
  })
  return Object.fromEntries(plans) as Record<Name, PodPlan>
}
