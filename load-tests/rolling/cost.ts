import { setTimeout as wait } from 'node:timers/promises'
import { processorSeconds, residentBytes } from '../measuring/process-cost.ts'
import type { Deployment } from './deployment.ts'

/** What the pods of one deployment take, each. */
export interface Cost {
  name: string
  /** The most that one pod had in any sample. */
  residentMegabytes: number
  /** Thousandths of a processor, on average over the pods and the time. */
  millicores: number
}

const everyMilliseconds = 1000

/** Looks at the pods that are ready, until it is asked. Linux only. */
export function watchCosts(deployments: readonly Deployment[]): { stop: () => Promise<Cost[]> } {
  const stopping = new AbortController()

  async function watch({ name, pods }: Deployment): Promise<Cost> {
    let most = 0
    let used = 0
    let seconds = 0
    let before = new Map<number, number>()
    let lookedAt = performance.now()
    while (!stopping.signal.aborted) {
      const now = new Map<number, number>()
      for (const { child } of pods()) {
        const pid = child.pid as number
        most = Math.max(most, await residentBytes(pid))
        now.set(pid, await processorSeconds(pid))
      }
      const at = performance.now()
      for (const [pid, total] of now) {
        const earlier = before.get(pid)
        if (earlier === undefined) continue
        used += total - earlier
        seconds += (at - lookedAt) / 1000
      }
      before = now
      lookedAt = at
      await wait(everyMilliseconds, undefined, { signal: stopping.signal }).catch(() => {})
    }
    return {
      name,
      residentMegabytes: Math.round(most / 2 ** 20),
      millicores: Math.round((used / seconds) * 1000),
    }
  }

  const watching = Promise.all(deployments.map(watch))
  return {
    async stop() {
      stopping.abort()
      return watching
    },
  }
}
