import { setImmediate as tick } from 'node:timers/promises'
import { startLoop } from '@comanda/loops'
import t from 'tap'

const hour = 3_600_000
const unexpected = (error: unknown) => {
  throw error
}

t.test('passes follow one another, the first at once, and never two at a time', async (t) => {
  const enough = Promise.withResolvers<void>()
  let passes = 0
  let inFlight = 0
  const loop = startLoop({
    intervalMilliseconds: 1,
    keepsProcessAlive: true,
    onFailure: unexpected,
    async run() {
      inFlight += 1
      t.equal(inFlight, 1)
      await tick()
      inFlight -= 1
      passes += 1
      if (passes === 3) enough.resolve()
    },
  })
  t.equal(inFlight, 1, 'the first one has begun')
  await loop.firstPass
  t.equal(passes, 1)
  await enough.promise
  await loop.stop()
})

t.test('a pass says when the next one is due', async (t) => {
  const enough = Promise.withResolvers<void>()
  const delays = [0, 1, undefined]
  let passes = 0
  const loop = startLoop({
    intervalMilliseconds: hour,
    keepsProcessAlive: true,
    onFailure: unexpected,
    async run() {
      await tick()
      passes += 1
      if (passes === 3) enough.resolve()
      return delays[passes - 1]
    },
  })
  await enough.promise
  await tick()
  t.equal(passes, 3, 'the interval is an hour')
  await loop.stop()
})

t.test('failures are counted until one pass succeeds, and each has its back-off', async (t) => {
  const events: unknown[] = []
  const recovered = Promise.withResolvers<void>()
  const outcomes = ['well', 'ill', 'ill', 'well', 'ill', 'well']
  const loop = startLoop({
    intervalMilliseconds: 0,
    keepsProcessAlive: true,
    backOffMilliseconds(failures) {
      events.push(`back off ${failures}`)
      return failures
    },
    onFailure: (error, failures) => events.push(`${(error as Error).message} ${failures}`),
    onRecovery() {
      events.push('recovered')
      if (outcomes.length === 0) recovered.resolve()
    },
    async run() {
      await tick()
      const outcome = outcomes.shift()
      if (outcome === 'ill') throw new Error('ill')
      return outcome === undefined ? hour : 0
    },
  })
  await recovered.promise
  await loop.stop()
  const twice = ['ill 1', 'back off 1', 'ill 2', 'back off 2', 'recovered']
  t.strictSame(events, [...twice, 'ill 1', 'back off 1', 'recovered'])
})

t.test('a wait of its own takes the place of the interval, and its failure is one of the loop', async (t) => {
  const events: string[] = []
  const enough = Promise.withResolvers<void>()
  const loop = startLoop({
    intervalMilliseconds: hour,
    keepsProcessAlive: true,
    backOffMilliseconds: () => 1,
    onFailure: (error) => events.push((error as Error).message),
    onRecovery: () => events.push('recovered'),
    async run() {
      await tick()
      events.push('pass')
    },
    async wait(signal) {
      await tick()
      if (events.length === 1) throw new Error('not waited')
      enough.resolve()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  })
  await enough.promise
  await loop.stop()
  t.strictSame(events, ['pass', 'not waited', 'pass', 'recovered'])
})

t.test('a loop that is woken ends its pause, and once is enough for any number of calls', async (t) => {
  let passes = 0
  let passed = Promise.withResolvers<void>()
  const loop = startLoop({
    intervalMilliseconds: hour,
    keepsProcessAlive: true,
    onFailure: unexpected,
    async run() {
      await tick()
      passes += 1
      passed.resolve()
    },
  })
  await loop.firstPass
  await tick()
  passed = Promise.withResolvers()
  loop.wake()
  loop.wake()
  await passed.promise
  await tick()
  t.equal(passes, 2)
  await loop.stop()
})

t.test('a loop that is woken during a pass makes another one after it', async (t) => {
  const enough = Promise.withResolvers<void>()
  let passes = 0
  const loop = startLoop({
    intervalMilliseconds: hour,
    wakeMilliseconds: 1,
    keepsProcessAlive: true,
    onFailure: unexpected,
    async run() {
      await tick()
      passes += 1
      if (passes === 1) loop.wake()
      else enough.resolve()
    },
  })
  await enough.promise
  await tick()
  t.equal(passes, 2)
  await loop.stop()
})

t.test('waking never makes a pause longer, and keeps to the least one', async (t) => {
  const passedAt: number[] = []
  const enough = Promise.withResolvers<void>()
  const leastMilliseconds = 30
  const loop = startLoop({
    intervalMilliseconds: hour,
    wakeMilliseconds: leastMilliseconds,
    keepsProcessAlive: true,
    onFailure: unexpected,
    async run() {
      passedAt.push(performance.now())
      await tick()
      if (passedAt.length === 3) enough.resolve()
      return passedAt.length === 1 ? 1 : undefined
    },
  })
  await loop.firstPass
  loop.wake()
  while (passedAt.length < 2) await tick()
  while (passedAt.length < 3) {
    loop.wake()
    await tick()
  }
  await enough.promise
  await loop.stop()
  const [, second = 0, third = 0] = passedAt
  // A timer of Node may fire a millisecond early.
  t.ok(third - second >= leastMilliseconds - 1, 'a call every tick does not hurry it')
})

t.test('stopping aborts the signal of the pass in flight, waits for it, and begins no other', async (t) => {
  const finish = Promise.withResolvers<void>()
  let passes = 0
  let passSignal: AbortSignal | undefined
  const loop = startLoop({
    intervalMilliseconds: 0,
    onFailure: unexpected,
    async run(signal) {
      passes += 1
      passSignal = signal
      await finish.promise
      return 0
    },
  })
  let stopped = false
  const stopping = loop.stop().then(() => (stopped = true))
  await tick()
  t.equal(passSignal?.aborted, true)
  t.equal(stopped, false)
  finish.resolve()
  await stopping
  await tick()
  t.equal(passes, 1)
})

t.test('stopping ends a pause at once, that after a failure too', async () => {
  for (const run of [async () => {}, async () => Promise.reject(new Error('ill'))]) {
    const loop = startLoop({ run, intervalMilliseconds: hour, keepsProcessAlive: true, onFailure: () => {} })
    await loop.firstPass
    await loop.stop()
  }
})
