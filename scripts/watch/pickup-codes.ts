import { setTimeout as wait } from 'node:timers/promises'
import type { Api } from './api.ts'
import type { Session } from './session.ts'

/** The codes that customers say at the counter. They never change, and sockets do not carry them. */
export interface PickupCodes {
  of: (orderId: string) => string | undefined
  /** Resolves when the codes of these orders are known, or could not be read. */
  load: (orderIds: readonly string[]) => Promise<void>
}

/** The API allows a user a hundred requests a minute. */
const pauseMilliseconds = 1000
const mostKept = 5000

interface Page {
  data: { id: string; pickupCode: string }[]
}

/** Reads the newest hundred codes at a time, at most once a second, and those of older orders one by one. */
export function readPickupCodes(api: Api, session: Session, cafeteriaId: string): PickupCodes {
  const codes = new Map<string, string>()
  let reading: Promise<void> = Promise.resolve()
  let readAt = 0

  function keep({ data }: Page): void {
    for (const { id, pickupCode } of data) codes.set(id, pickupCode)
    for (const oldest of codes.keys()) {
      if (codes.size <= mostKept) break
      codes.delete(oldest)
    }
  }

  async function read(orderIds: readonly string[]): Promise<void> {
    if (orderIds.every((id) => codes.has(id))) return
    await wait(Math.max(0, readAt + pauseMilliseconds - Date.now()), undefined, { ref: false })
    readAt = Date.now()
    const token = await session.accessToken(false)
    keep(await api.get<Page>(`/v1/orders?cafeteriaId=${cafeteriaId}&fields=id,pickupCode&limit=100`, token))
    const older = orderIds.find((id) => !codes.has(id))
    if (older !== undefined) keep({ data: [await api.get(`/v1/orders/${older}`, token)] })
  }

  return {
    of: (orderId) => codes.get(orderId),
    load(orderIds) {
      reading = reading.then(() => read(orderIds)).catch(() => {})
      return reading
    },
  }
}
