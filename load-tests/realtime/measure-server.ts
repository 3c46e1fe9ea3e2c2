import { setTimeout as wait } from 'node:timers/promises'
import type { MoveName } from '@comanda/ordering'
import { collectGarbage, processorSeconds, residentBytes } from '../measuring/process-cost.ts'
import { round } from '../measuring/round.ts'
import { type Received, type SocketPlan, startSockets } from './sockets.ts'

/** Time for connections, caches and compilers to settle before something is measured. */
const settleMilliseconds = 5000
export const warmUpSeconds = 8

/** What every server is measured with. */
export interface RealtimeLoad {
  plans: SocketPlan[]
  /** Orders placed per second. */
  perSecond: number
  /** What is done to each order after it was placed. */
  moves: MoveName[]
  seconds: number
}

export interface MeasuredServer {
  pid: number
  inspector: string
  url: string
}

/** What a server's sockets cost, idle and while `run` makes it send messages, and what came. */
export async function measureServer<Work>(
  server: MeasuredServer,
  { plans, seconds }: Pick<RealtimeLoad, 'plans' | 'seconds'>,
  run: (forSeconds: number) => Promise<Work>,
) {
  const { pid, inspector, url } = server
  const sockets = startSockets()
  try {
    // One of each kind before the first measurement: what is loaded on demand is not the cost of a socket.
    await sockets.open(url, [plans[0] as SocketPlan, plans.at(-1) as SocketPlan])
    await wait(settleMilliseconds)
    await collectGarbage(inspector)
    const emptyBytes = await residentBytes(pid)
    const startedAt = performance.now()
    await sockets.open(url, plans.slice(1, -1))
    const connectSeconds = (performance.now() - startedAt) / 1000
    await wait(settleMilliseconds)
    await collectGarbage(inspector)
    const fullBytes = await residentBytes(pid)
    console.error(`${plans.length} sockets in ${connectSeconds.toFixed(1)} s`)

    await run(warmUpSeconds)
    await wait(1000)
    await sockets.report()
    const before = await processorSeconds(pid)
    const work = await run(seconds)
    await wait(1000)
    const used = (await processorSeconds(pid)) - before
    const received = await sockets.report()
    if (received.closed > 0) throw new Error(`the server closed ${received.closed} sockets`)
    return {
      costs: costsOf(plans.length, fullBytes - emptyBytes, emptyBytes, used, received),
      received,
      work,
    }
  } finally {
    sockets.close()
  }
}

function costsOf(sockets: number, bytes: number, emptyBytes: number, processor: number, received: Received) {
  return {
    emptyMegabytes: round(emptyBytes / 1e6),
    bytesPerSocket: Math.round(bytes / (sockets - 2)),
    messages: received.names.length,
    processorSeconds: round(processor),
    processorSecondsPerThousandMessages: round((processor / received.names.length) * 1000),
  }
}

/** Where Node said that its inspector listens. */
export function inspectorIn(output: string): string {
  const url = /ws:\/\/\S+/.exec(output)?.[0]
  if (!url) throw new Error(`no inspector: ${output}`)
  return url
}
