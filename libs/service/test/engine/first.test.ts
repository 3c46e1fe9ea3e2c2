import { createHook } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { collectGarbage } from '#src/engine/end-of-start.ts'

const ticks: WeakRef<object>[] = []
const hook = createHook({
  init(_id, type, _trigger, resource) {
    if (type === 'TickObject') ticks.push(new WeakRef(resource))
  },
})

/** The entries of the queue of `process.nextTick` that were made meanwhile and that a full collection leaves. */
async function leftAfter(work: () => unknown): Promise<number> {
  ticks.length = 0
  hook.enable()
  await work()
  hook.disable()
  // A WeakRef holds what it refers to until the current task has ended.
  await wait(10)
  collectGarbage()
  return ticks.filter((tick) => tick.deref() !== undefined).length
}

t.test('one entry of the queue of ticks outlives every full collection', async (t) => {
  const tick = () => new Promise((resolve) => process.nextTick(resolve))
  t.equal(await leftAfter(tick), 0, 'by itself none does')
  t.equal(await leftAfter(async () => [await import('#src/engine/first.ts'), await tick()]), 1)
})
