import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { createGate } from '#src/gate.ts'

const somebody = { client: '10.0.0.1', signal: undefined }

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
      }, somebody),
    ),
  )
  t.same(results, [0, 10, 20, 30, 40, 50])
  t.same(started, [0, 1, 2, 3, 4, 5])
  t.equal(most, 2)
})

t.test('whoever finds the queue full is refused at once, and a place is free again afterwards', async (t) => {
  const gate = createGate({ running: 1, waiting: 1, refuse: () => new Error('full') })
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = gate.run(() => promise, somebody)
  const waiting = gate.run(async () => 'waited', somebody)
  await t.rejects(
    gate.run(async () => 'never', somebody),
    { message: 'full' },
  )
  resolve()
  await running
  t.equal(await waiting, 'waited')
  t.equal(await gate.run(async () => 'next', somebody), 'next')
})

t.test('a task that fails frees its place', async (t) => {
  const gate = createGate({ running: 1, waiting: 1, refuse: () => new Error('full') })
  const failing = gate.run(async () => {
    throw new Error('broken')
  }, somebody)
  const next = gate.run(async () => 'next', somebody)
  await t.rejects(failing, { message: 'broken' })
  t.equal(await next, 'next')
})

/** A gate that is occupied until `open` is called, and the names of the tasks that ran since. */
function occupied(waiting: number) {
  const gate = createGate({ running: 1, waiting, refuse: () => new Error('full') })
  const { promise, resolve: open } = Promise.withResolvers<void>()
  const ran: string[] = []
  const add = (name: string, client: string, signal?: AbortSignal) =>
    gate.run(async () => void ran.push(name), { client, signal })
  return { add, ran, open, first: gate.run(() => promise, somebody) }
}

t.test('clients take turns, so that one that asks for much waits for itself', async (t) => {
  const { add, ran, open, first } = occupied(10)
  const all = ['a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2'].map((name) => add(name, name.slice(0, 1)))
  open()
  await Promise.all([first, ...all])
  t.same(ran, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

t.test('the client that waits for most is refused first', async (t) => {
  const { add, ran, open, first } = occupied(3)
  const greedy = ['a1', 'a2', 'a3'].map((name) => add(name, 'a'))
  const modest = add('b1', 'b')
  await t.rejects(greedy[2] as Promise<void>, { message: 'full' })
  open()
  await Promise.all([first, modest, ...greedy.slice(0, 2)])
  t.same(ran, ['a1', 'b1', 'a2'])
})

t.test('what a client has left behind does not run and takes no room', async (t) => {
  const { add, ran, open, first } = occupied(2)
  const controller = new AbortController()
  const left = [add('left', 'a', controller.signal), add('left too', 'a', controller.signal)]
  controller.abort()
  for (const task of left) await t.rejects(task, { code: 'client_left' })
  await t.rejects(add('late', 'a', controller.signal), { code: 'client_left' })
  const others = [add('b1', 'b'), add('a1', 'a', new AbortController().signal)]
  open()
  await Promise.all([first, ...others])
  t.same(ran, ['b1', 'a1'])
})
