import type { Stack } from '@comanda/local-stack'
import { dashboardPaths } from './dashboards.ts'
import { fill } from './fill.ts'
import { hotPaths } from './hot-paths.ts'
import { findPeople } from './people.ts'
import type { Measured } from './report.ts'
import { type Asked, type PathCost, samplePath } from './sample-path.ts'
import { startServices } from './servers.ts'
import type { Settings } from './settings.ts'
import { openStatementCosts } from './statement-costs.ts'
import { untilReplayed } from './until-replayed.ts'

/** Fills empty servers with so many orders, and measures everything there. */
export async function measureSize(
  stack: Stack,
  orders: number,
  settings: Settings & { until: Date; accessTokenSecret: string },
  say: (line: string) => void,
): Promise<Measured> {
  const { accessTokenSecret, requests, until } = settings
  const filled = await fill(stack, orders, settings, say)
  const people = await findPeople(stack, accessTokenSecret)
  await untilReplayed(stack)
  const services = await startServices(stack, accessTokenSecret)
  const costs = await openStatementCosts(stack)
  const sampleAll = async (paths: readonly Asked[]): Promise<Record<string, PathCost>> => {
    const sampled: Record<string, PathCost> = {}
    for (const path of paths) {
      say(`  ${path.name}`)
      sampled[path.name] = await samplePath(path, requests, costs)
    }
    return sampled
  }
  try {
    const { cafeteriaId, manager } = people
    const dashboards = await sampleAll(
      dashboardPaths(services.analytics.url, { cafeteriaId, token: manager, until }),
    )
    return { orders, ...filled, dashboards, hotPaths: await sampleAll(hotPaths(services.orders.url, people)) }
  } catch (error) {
    say(services.analytics.output().slice(-2000) + services.orders.output().slice(-2000))
    throw error
  } finally {
    await costs.close()
    await services.stop()
  }
}
