// What `helm test` runs: one order from the wallet, seen over a socket and cancelled again, through the deployed services.
// Exits with 1 and one sentence as soon as anything is not as it should be.
import { createApi } from './api.mts'
import { type Listener, listen } from './socket.mts'

const { ORDERS_URL, REALTIME_URL, SMOKE_EMAIL = '', SMOKE_PASSWORD = '' } = process.env
const seconds = Number(process.env['SMOKE_TIMEOUT_SECONDS'] ?? 60)
const deadline = AbortSignal.timeout(seconds * 1000)

let socket: Listener | null = null
try {
  if (!ORDERS_URL) throw new Error('ORDERS_URL is missing')
  await step('every component is ready', componentsReady)
  const api = createApi(ORDERS_URL, deadline)
  const token = await step(`${SMOKE_EMAIL} logs in`, () => api.logIn(SMOKE_EMAIL, SMOKE_PASSWORD))
  if (REALTIME_URL) socket = await step('a socket opens', () => listen(REALTIME_URL, token, deadline))
  const orderId = await step('an order is placed', () => api.placeOrder())
  try {
    await step('it can be read', () => api.readOrder(orderId))
    const listener = socket
    if (listener) await step('the socket hears of it', () => listener.heardOf(orderId))
  } finally {
    await step('it is cancelled', () => api.cancelOrder(orderId))
  }
  console.log('the fleet takes orders')
} catch (error) {
  console.error(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  // An open socket would keep the process.
  socket?.close()
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    console.log(`ok  ${what}`)
    return result
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    const reason = deadline.aborted ? `nothing after ${seconds} s` : (cause?.code ?? message)
    throw new Error(`${what}: ${reason}`, { cause: error })
  }
}

async function componentsReady(): Promise<void> {
  for (const [name, url] of Object.entries(process.env)) {
    if (!name.endsWith('_URL')) continue
    const response = await fetch(`${url}/health/ready`, { signal: deadline })
    if (!response.ok) throw new Error(`${name} answers ${response.status}`)
  }
}
