import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { testRedisNodes } from '@comanda/local-stack/testing'
import { nextMessage } from '@comanda/service/testing'
import t from 'tap'
import type { Task } from './fleet-program.ts'
import { heldLoad, ownSpace, testCache, twoCaches } from './support.ts'

t.test('a thousand callers in each of two processes cause one load', async (t) => {
  const space = ownSpace()
  const { cache, redis } = await testCache(t, { space })
  for (const round of ['first', 'second']) {
    const counter = `${space}:loads:${round}`
    const task: Task = { nodes: testRedisNodes(), space, key: 'menu:1', callers: 1000, counter }
    const children = [0, 1].map(() => fork(join(import.meta.dirname, 'fleet-program.ts')))
    await Promise.all(
      children.map(async (child) => {
        const ready = nextMessage(child)
        child.send(task)
        await ready
      }),
    )
    const answers = await Promise.all(
      children.map(async (child) => {
        const answer = nextMessage<string[]>(child)
        const exit = once(child, 'exit')
        child.send('go')
        const answers = await answer
        await exit
        return answers
      }),
    )
    t.same(answers, [['answer of load 1'], ['answer of load 1']])
    t.equal(await redis.get(counter), '1')
    await redis.del(counter)
    // In the second round something is there, and outdated.
    await cache.invalidateTags(['a'])
  }
})

t.test('a load that another process does not finish is done here', async (t) => {
  const { here, there } = await twoCaches(t)
  const stuck = heldLoad<string>()
  const waiting = here.getOrSet('menu:1', {}, stuck.load)
  await stuck.started
  t.equal(await there.getOrSet('menu:1', {}, async () => 'mine'), 'mine')
  stuck.resolve('late')
  t.equal(await waiting, 'late')
})

t.test('when the load of another process fails, the next one loads', async (t) => {
  const { here, there } = await twoCaches(t)
  const failing = heldLoad<string>()
  const first = here.getOrSet('menu:1', {}, failing.load)
  await failing.started
  const second = there.getOrSet('menu:1', {}, async () => 'mine')
  failing.reject(new Error('the database is away'))
  await t.rejects(first, { message: 'the database is away' })
  t.equal(await second, 'mine')
})

t.test('keys that are nobody else’s take no lock', async (t) => {
  const { here, there } = await twoCaches(t)
  const held = heldLoad<string>()
  const waiting = here.getOrSet('summary:1', { hot: false }, held.load)
  await held.started
  t.equal(await there.getOrSet('summary:1', { hot: false }, async () => 'mine'), 'mine')
  held.resolve('late')
  await waiting
})
