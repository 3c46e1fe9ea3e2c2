import type { Stack } from '@comanda/local-stack'
import { openMigratedDatabase } from '../open-database.ts'
import { dashboardPaths } from './dashboards.ts'
import { type Filled, fill } from './fill.ts'
import { hotPaths } from './hot-paths.ts'
import { findPeople, type People } from './people.ts'
import type { Measured } from './report.ts'
import { type Asked, type PathCost, samplePath } from './sample-path.ts'
import { startServices } from './servers.ts'
import type { Settings } from './settings.ts'
import { openStatementCosts } from './statement-costs.ts'
import { untilReplayed } from './until-replayed.ts'

/** How long a statement may take: an index of ten million orders, or their rollups, take a while. */
const statementMilliseconds = 6 * 3_600_000

type BenchSettings = Settings & { until: Date; accessTokenSecret: string }

/** Fills empty servers with so many orders, and measures everything there. */
export async function measureSize(
  stack: Stack,
  orders: number,
  settings: BenchSettings,
  say: (line: string) => void,
): Promise<Measured> {
  const { accessTokenSecret, requests, until } = settings
  const { filled, people } = await prepare(stack, orders, settings, say)
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

async function prepare(
  stack: Stack,
  orders: number,
  settings: BenchSettings,
  say: (line: string) => void,
): Promise<{ filled: Filled; people: People }> {
  const database = await openMigratedDatabase(stack.primaryUrl, 'bench-analytics', statementMilliseconds)
  try {
    const filled = await fill(stack, database.primary, orders, settings, say)
    return { filled, people: await findPeople(database.primary, settings.accessTokenSecret) }
  } finally {
    await database.close()
  }
}
