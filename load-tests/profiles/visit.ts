import { choose, chooseByWeight } from './choose.ts'
import type { Device } from './device.ts'
import { profiles } from './profiles.ts'
import type { LoadScenario } from './scenarios.ts'
import type { World } from './world.ts'

/**
 * One action of somebody: who it is, where, and what they do is drawn by lot.
 * @throws what the action threw, after counting it: nothing that a fleet answers is foreseen to end there
 */
export async function visit(device: Device, world: World, { mix }: Pick<LoadScenario, 'mix'>): Promise<void> {
  const { random } = device
  const customer = Math.floor(random() * world.customers.length)
  const kitchen = choose(world.kitchens, random)
  const { profile } = chooseByWeight(mix, random)
  const { act } = chooseByWeight(profiles[profile], random)
  try {
    await act(device, { world, customer, token: world.customers[customer] as string, kitchen })
  } catch (error) {
    device.count('actions_failed')
    throw error
  }
}

/** A think time: even between half and one and a half of the mean, in seconds. */
export function thinkTime(
  { thinkSeconds }: Pick<LoadScenario, 'thinkSeconds'>,
  random: () => number,
): number {
  return thinkSeconds * (0.5 + random())
}
