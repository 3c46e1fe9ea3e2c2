import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerStatus } from './server-status.ts'

const pollMilliseconds = 3

interface Waiter {
  position: number
  settle: (reached: boolean) => void
}

/**
 * Waits until a replica has replayed a position: the function that it returns resolves to whether that happened before the time-out.
 * While there are waiters, the replica is polled once for all of them.
 */
export function createReplayWaiter(probe: () => Promise<ServerStatus>) {
  const waiters = new Set<Waiter>()
  let polling = false

  async function pollUntilAllAreSettled(): Promise<void> {
    polling = true
    while (waiters.size > 0) {
      await sleep(pollMilliseconds)
      const replayed = await probe().then(
        (status) => status.position,
        () => 0,
      )
      for (const { position, settle } of waiters) if (replayed >= position) settle(true)
    }
    polling = false
  }

  return (position: number, timeoutMilliseconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => waiter.settle(false), timeoutMilliseconds)
      const waiter: Waiter = {
        position,
        settle(reached) {
          clearTimeout(timer)
          waiters.delete(waiter)
          resolve(reached)
        },
      }
      waiters.add(waiter)
      if (!polling) void pollUntilAllAreSettled()
    })
}
