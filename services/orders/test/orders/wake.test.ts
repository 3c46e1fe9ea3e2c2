import { setTimeout as wait } from 'node:timers/promises'
import { redisPrefix } from '@comanda/service'
import { Cluster } from 'ioredis'
import t from 'tap'
import { startCampusApp } from './campus-app.ts'

const published = t.capture(Cluster.prototype, 'spublish', async () => 0)
const { place, move, campus, config } = await startCampusApp(t)

/** Waits until the worker was woken. */
async function woken(): Promise<void> {
  while (!published().some(({ args }) => args[0] === `${redisPrefix(config)}:wake`)) await wait(1)
}

t.test('the worker is woken when an order is placed and when it is moved', async (t) => {
  const { body, status } = await place()
  t.equal(status, 201)
  await woken()
  t.equal((await move(body.id, 'accept', campus.staff.caller)).status, 200)
  await woken()
})
