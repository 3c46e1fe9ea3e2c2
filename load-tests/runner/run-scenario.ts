import { durationSeconds, type LoadScenario, usersAt } from '../profiles/scenarios.ts'
import { visit } from '../profiles/visit.ts'
import type { World } from '../profiles/world.ts'
import type { Summary } from '../summary/summary.ts'
import { startLoad } from './load.ts'

/**
 * Has our own runner do a scenario. The loop is open also where users are few: as many actions begin as users with these pauses would
 * begin if answers took no time, at moments that know nothing of one another.
 */
export async function runScenario(scenario: LoadScenario, world: World): Promise<Summary> {
  const { name, users, stages, thinkSeconds } = scenario
  const { url, gatewayUrl } = world
  const at = new Date().toISOString()
  const { finished } = startLoad({
    url,
    gatewayUrl,
    flows: [
      {
        act: (device) => visit(device, world, scenario),
        perSecond: (elapsed) => usersAt(scenario, elapsed) / thinkSeconds,
        seconds: durationSeconds(scenario),
        spacing: 'random',
      },
    ],
  })
  const figures = await finished
  const most = Math.max(users, ...stages.map((stage) => stage.users))
  return { scenario: name, runner: 'node', at, url, users: most, ...figures }
}
