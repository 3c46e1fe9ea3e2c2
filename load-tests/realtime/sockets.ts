import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface SocketPlan {
  auth: object
  /** An address of this machine. */
  from: string
  /** The cafeteria whose feed it follows; none: only its own orders. */
  feed?: string
}

export type SocketsOrder = { do: 'open'; url: string; plans: SocketPlan[] } | { do: 'report' }

export interface Received {
  /** `orderId:version` of each message, or when it was sent, in milliseconds since 1970. */
  names: string[]
  /** When each arrived, in milliseconds since 1970 with fractions. */
  times: number[]
  /** Sockets that the server has closed so far. */
  closed: number
}
export type SocketsAnswer = { opened: number } | Received | { failed: string }

export interface BenchSockets {
  open: (url: string, plans: SocketPlan[]) => Promise<void>
  /** What came since the last report. */
  report: () => Promise<Received>
  close: () => void
}

export function startSockets(): BenchSockets {
  const child = fork(join(import.meta.dirname, 'sockets.process.ts'), { serialization: 'advanced' })
  async function ask(order: SocketsOrder): Promise<SocketsAnswer> {
    child.send(order)
    const [answer] = (await once(child, 'message')) as [SocketsAnswer]
    if ('failed' in answer) throw new Error(answer.failed)
    return answer
  }
  return {
    async open(url, plans) {
      await ask({ do: 'open', url, plans })
    },
    report: () => ask({ do: 'report' }) as Promise<Received>,
    close: () => void child.kill('SIGKILL'),
  }
}
