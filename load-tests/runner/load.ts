import type { AcknowledgedOrder, Device } from '../profiles/device.ts'
import { type Arrivals, arrive } from './arrivals.ts'
import { createDevices } from './device.ts'
import { createHttpClient } from './http-client.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** Actions of one kind, and how often they begin. */
export interface Flow extends Pick<Arrivals, 'perSecond' | 'seconds' | 'spacing'> {
  act: (device: Device) => Promise<void>
}

export interface LoadOptions {
  url: string
  gatewayUrl: string
  flows: readonly Flow[]
  /** Whether requests share connections; default true. */
  keepAlive?: boolean
  onAcknowledged?: (order: AcknowledgedOrder) => void
}

export type LoadFigures = ReturnType<Recorder['figures']> & {
  /** From the beginning until the last action began or was due. */
  seconds: number
}

export interface Load {
  /** Resolves when every action that was begun has come to its end. */
  finished: Promise<LoadFigures>
  /** Begins no further action. Resolves as `finished` does. */
  stop: () => Promise<LoadFigures>
}

/** Actions under way, beyond which further ones are skipped and counted: by then nothing is measured any more but this process. */
const mostUnderWay = 20_000

/** Puts an open loop of load on a fleet: each action begins when it is due, whatever became of those before. */
export function startLoad({ url, gatewayUrl, flows, keepAlive = true, onAcknowledged }: LoadOptions): Load {
  const recorder = createRecorder()
  const http = createHttpClient(url, { keepAlive })
  const deviceFor = createDevices({
    gatewayUrl,
    http,
    recorder,
    ...(onAcknowledged ? { onAcknowledged } : {}),
  })
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const beganAt = performance.now()

  function begin({ act }: Flow, dueAt: number): void {
    if (underWay.size >= mostUnderWay) return recorder.skip()
    const action = act(deviceFor(dueAt))
      .catch((error: unknown) => recorder.problem(`a profile failed: ${String(error)}`))
      .finally(() => underWay.delete(action))
    underWay.add(action)
  }

  async function run(): Promise<LoadFigures> {
    const arrivals = { random: Math.random, signal: stopping.signal }
    await Promise.all(flows.map((flow) => arrive({ ...flow, ...arrivals }, (dueAt) => begin(flow, dueAt))))
    const seconds = (performance.now() - beganAt) / 1000
    await Promise.all(underWay)
    http.close()
    return { ...recorder.figures(), seconds }
  }

  const finished = run()
  return {
    finished,
    stop() {
      stopping.abort()
      return finished
    },
  }
}
