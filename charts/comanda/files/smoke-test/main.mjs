// What `helm test` runs: one order from the wallet, seen over a socket and cancelled again, through the deployed services.
// Exits with 1 and one sentence as soon as anything is not as it should be.
import { createApi } from './api.mjs'
import { listen } from './socket.mjs'

const { ORDERS_URL, REALTIME_URL, SMOKE_EMAIL, SMOKE_PASSWORD, SMOKE_TIMEOUT_SECONDS = '60' } = process.env
const deadline = AbortSignal.timeout(Number(SMOKE_TIMEOUT_SECONDS) * 1000)

try {
  await step('every component is ready', componentsReady)
  const api = createApi(ORDERS_URL, deadline)
  await step(`${SMOKE_EMAIL} logs in`, () => api.logIn(SMOKE_EMAIL, SMOKE_PASSWORD))
  const socket = REALTIME_URL
    ? await step('a socket opens', () => listen(REALTIME_URL, api.token, deadline))
    : null
  const order = await step('an order is placed', () => api.placeOrder())
  try {
    await step('it can be read', () => api.readOrder(order.id))
    if (socket) await step('the socket hears of it', () => socket.heardOf(order.id))
  } finally {
    await step('it is cancelled', () => api.cancelOrder(order.id))
    socket?.close()
  }
  console.log('the fleet takes orders')
} catch (error) {
  console.error(`FAILED: ${error.message}`)
  process.exitCode = 1
}

async function step(what, work) {
  try {
    const result = await work()
    console.log(`ok  ${what}`)
    return result
  } catch (error) {
    const reason = error.cause?.code ?? error.message
    throw new Error(`${what}: ${deadline.aborted ? `nothing after ${SMOKE_TIMEOUT_SECONDS} s` : reason}`)
  }
}

async function componentsReady() {
  const urls = Object.entries(process.env).filter(([name]) => name.endsWith('_URL'))
  if (!ORDERS_URL) throw new Error('ORDERS_URL is missing')
  for (const [name, url] of urls) {
    const response = await fetch(`${url}/health/ready`, { signal: deadline })
    if (!response.ok) throw new Error(`${name} answers ${response.status}`)
  }
}
