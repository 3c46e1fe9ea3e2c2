import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { ordersNamespace } from '@comanda/events'
import type { ServiceUnderTest } from '@comanda/local-stack/testing'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

/** Opens a websocket that speaks socket.io only as far as the test writes it. */
export async function openRaw(t: Test, { url }: { url: string }): Promise<WebSocket> {
  const websocket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    autoPong: false,
    maxPayload: 0,
  })
  // How a connection ends is what the tests look at; that it ends is no failure.
  websocket.on('error', () => {})
  t.teardown(() => websocket.terminate())
  await once(websocket, 'message')
  return websocket
}

/** Enters the namespace of orders. */
export async function enter(websocket: WebSocket, token: string): Promise<void> {
  const entered = once(websocket, 'message')
  websocket.send(`40${ordersNamespace},${JSON.stringify({ token })}`)
  const [answer] = await entered
  if (!String(answer).startsWith(`40${ordersNamespace}`)) throw new Error(`not admitted: ${String(answer)}`)
}

/** Resolves to how a websocket was closed. */
export async function closeOf(websocket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(websocket, 'close')
  return { code, reason: String(reason) }
}

/** The most memory that a process has ever had resident, in MB. */
export async function peakMegabytes({ child }: ServiceUnderTest): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** The value of a metric of a process, of all that match together. */
export async function metricOf({ metricsUrl }: ServiceUnderTest, line: string): Promise<number> {
  // A connection that was kept may be closed by its server while this process is too busy to notice.
  const headers = { connection: 'close' }
  const text = await (await fetch(`${metricsUrl}/metrics`, { headers })).text()
  const lines = text.split('\n').filter((one) => one.startsWith(line))
  return lines.reduce((sum, one) => sum + Number(one.split(' ').at(-1)), 0)
}
