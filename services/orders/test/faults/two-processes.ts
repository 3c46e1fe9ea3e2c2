import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceUnderTest } from '@comanda/local-stack/testing'
import type { Test } from 'tap'
import { startFleet } from './fleet.ts'

/** Polls until something has happened; the test's own time-out bounds it. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(5)
}

/** Two processes of the orders service with one cache, and how a test reads and edits the name on a menu through them. */
export async function startTwo(t: Test, more: Record<string, string> = {}) {
  const fleet = await startFleet(t, { redis: true })
  const limits = { RATE_LIMITS: 'off', ...more }
  const [here, there] = await Promise.all([fleet.start('orders', limits), fleet.start('orders', limits)])
  const cafeteria = `/v1/cafeterias/${fleet.campus.cafeteria.id}`
  const menu = `${cafeteria}/menu`
  const name = async (service: ServiceUnderTest) => {
    const { status, body } = await fleet.get(service, menu)
    return status === 200 ? (body.name as string) : `status ${status}`
  }
  const rename = (service: ServiceUnderTest, name: string) =>
    fleet.edit(service, 'PATCH', cafeteria, { name })
  const counts = async (service: ServiceUnderTest) => (await fetch(`${service.metricsUrl}/metrics`)).text()
  await until(
    async () =>
      /^cache_coherent 1$/m.test(await counts(here)) && /^cache_coherent 1$/m.test(await counts(there)),
  )
  return { fleet, here, there, menu, name, rename, counts }
}
