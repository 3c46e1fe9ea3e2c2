import t from 'tap'
import { createSendLimiter } from '#src/realtime/send-limiter.ts'
import { createTimers } from '#src/realtime/timers.ts'

t.test('messages beyond the allowance wait, unless nobody wants them any more', async (t) => {
  const timers = createTimers()
  t.teardown(() => timers.close())
  const limiter = createSendLimiter(timers)
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: 80 }, () => limiter.acquire(() => true)))
  // The last five of them, at 15 a second; a timer may be a millisecond early.
  t.ok(performance.now() - startedAt > 5 * (1000 / 15 - 1))
  let left = 5
  await Promise.all(Array.from({ length: 10_000 }, () => limiter.acquire(() => (left -= 1) >= 0)))
  limiter.reset()
  await Promise.all(Array.from({ length: 75 }, () => limiter.acquire(() => true)))
  t.pass('another connection has its own allowance')
})

t.test('timers that are closed let go of those who wait, and start nothing', async (t) => {
  const timers = createTimers()
  let called = false
  timers.later(60_000, () => (called = true))
  const waiting = timers.wait(60_000)
  timers.close()
  await waiting
  await timers.wait(60_000)
  timers.later(0, () => (called = true))
  await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal(called, false)
})
