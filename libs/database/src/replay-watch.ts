import { setTimeout as sleep } from 'node:timers/promises'
import type { Sighting } from './lookout.ts'

const everyMilliseconds = 3

interface Waiter {
  least: number
  tell: (reached: boolean) => void
}

/**
 * Waits until a replica has replayed a position: resolves with whether it has, before the patience is over. While anybody
 * waits, one look after the other serves them all.
 */
export function createReplayWatch(look: () => Promise<Sighting>) {
  const waiters = new Set<Waiter>()
  let looking = false

  async function lookUntilAllAreThere(): Promise<void> {
    looking = true
    while (waiters.size > 0) {
      await sleep(everyMilliseconds)
      const position = await look().then(
        (sighting) => sighting.position,
        () => 0,
      )
      for (const { least, tell } of waiters) if (position >= least) tell(true)
    }
    looking = false
  }

  return (least: number, patienceMilliseconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => waiter.tell(false), patienceMilliseconds)
      const waiter: Waiter = {
        least,
        tell(reached) {
          clearTimeout(timer)
          waiters.delete(waiter)
          resolve(reached)
        },
      }
      waiters.add(waiter)
      if (!looking) void lookUntilAllAreThere()
    })
}
