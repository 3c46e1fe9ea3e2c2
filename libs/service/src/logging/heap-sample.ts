import { memoryUsage } from 'node:process'

const sampleEveryMs = 100

/**
 * The heap in use, sampled: asking V8 at the start of every request would cost more than the few slow ones that report
 * it are worth. `recent` may be 100 ms old; `now` asks.
 */
export function heapUsedBytes() {
  const now = () => memoryUsage().heapUsed
  let sampled = now()
  const timer = setInterval(() => {
    sampled = now()
  }, sampleEveryMs).unref()
  return { now, recent: () => sampled, stop: () => clearInterval(timer) }
}
