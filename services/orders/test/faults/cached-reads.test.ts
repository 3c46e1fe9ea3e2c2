import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceUnderTest } from '@comanda/local-stack/testing'
import t, { type Test } from 'tap'
import { startFleet } from './fleet.ts'

// The test starts and kills servers and processes, which takes a while on two busy cores.
t.setTimeout(300_000)

/** Polls until something has happened; the test's own time-out bounds it. */
async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(5)
}

/** The greatest age of an answer while Redis fails over, by ADR 10. */
const boundMs = 2500

async function startTwo(t: Test, more: Record<string, string> = {}) {
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

t.test(
  'an edit is seen while the replica replays nothing: by its writer at once, by another process soon',
  async (t) => {
    const { fleet, here, there, name, rename } = await startTwo(t)
    const { postgres } = fleet.stack
    const [standby] = postgres.standbys
    if (standby === undefined) throw new Error('no standby')
    await postgres.waitForReplay(standby)
    await Promise.all([name(here), name(there)])
    await postgres.pauseReplay(standby)
    const delays: number[] = []
    for (let edit = 0; edit < 20; edit += 1) {
      if (edit === 10) await postgres.resumeReplay(standby)
      const renamed = `Edit ${edit}`
      t.equal((await rename(here, renamed)).status, 200)
      const answered = performance.now()
      t.equal(await name(here), renamed)
      await until(async () => (await name(there)) === renamed)
      delays.push(performance.now() - answered)
    }
    delays.sort((a, b) => a - b)
    t.comment(
      `seen by another process after ${delays[10]?.toFixed(1)} ms, at worst ${delays.at(-1)?.toFixed(1)} ms`,
    )
  },
)

t.test('a master that is killed costs time, never an error or an answer older than the bound', async (t) => {
  const { fleet, here, there, name, rename } = await startTwo(t)
  const { redis } = fleet.stack
  const commits = [0]
  const wrong: string[] = []
  let running = true
  let reads = 0
  let stalest = 0

  async function read(service: ServiceUnderTest) {
    while (running) {
      const asked = performance.now()
      const found = await name(service)
      reads += 1
      const replaced = commits[Number(found.replace('Version ', '')) + 1]
      if (!found.startsWith('Version ')) wrong.push(found)
      else if (replaced !== undefined) stalest = Math.max(stalest, asked - replaced)
    }
  }
  async function write() {
    while (running) {
      const version = commits.length
      const { status } = await rename(here, `Version ${version}`)
      commits.push(performance.now())
      if (status !== 200) wrong.push(`edit ${status}`)
      if ((await name(here)) !== `Version ${version}`)
        wrong.push(`the writer does not see version ${version}`)
      await sleep(20)
    }
  }
  await rename(here, 'Version 0')
  await until(async () => (await name(there)) === 'Version 0')
  const work = [read(here), read(there), write()]
  await until(() => reads > 200)
  const [victim] = await redis.masters()
  if (victim === undefined) throw new Error('no master')
  await redis.stopNode(victim, 'SIGKILL')
  await redis.waitUntilServing()
  const after = reads
  await until(() => reads > after + 500)
  running = false
  await Promise.all(work)
  t.comment(`${reads} answers, the stalest ${stalest.toFixed(0)} ms old`)
  t.strictSame(wrong, [])
  t.ok(stalest < boundMs)
})

t.test('without Redis, and with the cache off, everything is answered', async (t) => {
  const { fleet, here, there, menu, name, rename, counts } = await startTwo(t)
  const off = await fleet.start('orders', { CACHE: 'off', RATE_LIMITS: 'off' })
  await name(there)
  await fleet.stack.redis.stop('SIGKILL')
  t.equal((await rename(here, 'Without Redis')).status, 200)
  t.equal(await name(here), 'Without Redis')
  await until(async () => (await name(there)) === 'Without Redis')
  t.equal((await fleet.place(here, 'without')).status, 201)
  for (const service of [here, there, off]) {
    for (const path of [menu, '/v1/cafeterias', '/v1/config', '/v1/me/summary', '/v1/me/recent-orders']) {
      t.equal((await fleet.get(service, path)).status, 200, path)
    }
  }
  t.match(await counts(here), /^cache_redis_failures_total [1-9]/m)
  t.equal(await name(off), 'Without Redis')
})

t.test(
  'an API that dies before it publishes leaves nothing old: the worker publishes what was committed',
  async (t) => {
    const { fleet, here, name } = await startTwo(t)
    const first = await name(here)
    await fleet.start('worker', { PAYMENT_PROVIDER: 'none' })
    const { id } = fleet.campus.cafeteria
    const renamed = fleet.database.primary.updateTable('cafeterias').set({ name: 'Unpublished' })
    await renamed.where('id', '=', id).execute()
    t.not(first, 'Unpublished')
    await until(async () => (await name(here)) === 'Unpublished')
  },
)

t.test('what timers do to an order is seen by its customer', async (t) => {
  const { fleet, here } = await startTwo(t)
  const { body: order } = await fleet.place(here, 'timer')
  const recent = async () => (await fleet.get(here, '/v1/me/recent-orders')).body.data[0]
  t.match(await recent(), { id: order.id, status: 'placed' })
  const due = new Date(Date.now() - 1000).toISOString()
  await fleet.database.primary
    .updateTable('orders')
    .set({ deadlineAt: due })
    .where('id', '=', order.id)
    .execute()
  await fleet.start('worker', { PAYMENT_PROVIDER: 'none' })
  await until(async () => (await recent()).status === 'rejected')
})
