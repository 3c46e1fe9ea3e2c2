import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { createGate } from '#src/gate.ts'

t.test('no more tasks run at once than allowed, and they run in the order they came', async (t) => {
  const gate = createGate({ running: 2, waiting: 10, refuse: () => new Error('full') })
  const started: number[] = []
  let running = 0
  let most = 0
  const results = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((task) =>
      gate.run(async () => {
        started.push(task)
        running += 1
        most = Math.max(most, running)
        await setImmediate()
        running -= 1
        return task * 10
      }),
    ),
  )
  t.same(results, [0, 10, 20, 30, 40, 50])
  t.same(started, [0, 1, 2, 3, 4, 5])
  t.equal(most, 2)
})

t.test('whoever finds the queue full is refused at once, and a place is free again afterwards', async (t) => {
  const gate = createGate({ running: 1, waiting: 1, refuse: () => new Error('full') })
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = gate.run(() => promise)
  const waiting = gate.run(async () => 'waited')
  await t.rejects(
    gate.run(async () => 'never'),
    { message: 'full' },
  )
  resolve()
  await running
  t.equal(await waiting, 'waited')
  t.equal(await gate.run(async () => 'next'), 'next')
})

t.test('a task that fails frees its place', async (t) => {
  const gate = createGate({ running: 1, waiting: 1, refuse: () => new Error('full') })
  const failing = gate.run(async () => {
    throw new Error('broken')
  })
  const next = gate.run(async () => 'next')
  await t.rejects(failing, { message: 'broken' })
  t.equal(await next, 'next')
})
