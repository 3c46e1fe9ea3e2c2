import type { Options } from 'k6/options'
import { isCrowd, lasting, type ScenarioName, scenarios, withLatency } from '../profiles/scenarios.ts'
import { thinkTime, visit } from '../profiles/visit.ts'
import { createDevice } from './device.ts'
import { optionsOf } from './options.ts'
import { type K6Data, summarise } from './summary.ts'
import { readWorld } from './world.ts'

/** What a script of k6 exports. */
export interface K6Script {
  options: Options
  act: () => Promise<void>
  handleSummary: (data: K6Data) => Record<string, string>
}

/**
 * Makes the script of a scenario. Variables: WORLD names the file that says whom it has to do with, SUMMARIES an existing directory for
 * what came out (the current one), SECONDS another length, LATENCY=printed that durations decide nothing.
 */
export function scriptOf(name: ScenarioName): K6Script {
  const world = readWorld()
  const seconds = __ENV['SECONDS']
  const latency = __ENV['LATENCY'] === 'printed' ? 'printed' : 'decides'
  const scenario = withLatency(lasting(scenarios[name], seconds ? Number(seconds) : null), latency)
  const device = createDevice(world)
  return {
    options: optionsOf(scenario),
    async act() {
      await visit(device, world, scenario)
      // The pauses of a crowd are in its rate.
      if (!isCrowd(scenario)) await device.pause(thinkTime(scenario, device.random))
    },
    handleSummary: (data) =>
      summarise(data, scenario, { url: world.url, directory: __ENV['SUMMARIES'] || '.' }),
  }
}
