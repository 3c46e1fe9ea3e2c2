import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceUnderTest } from '@comanda/local-stack/testing'
import t from 'tap'
import { startTwo, until } from './two-processes.ts'

// The test starts and kills servers and processes, which takes a while on two busy cores.
t.setTimeout(300_000)

/** The greatest age of an answer while Redis fails over, by ADR 10. */
const boundMs = 2500

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
