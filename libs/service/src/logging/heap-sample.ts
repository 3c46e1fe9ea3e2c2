import { memoryUsage } from 'node:process'

const sampleEveryMs = 100

/** The heap in use, in bytes. */
export interface HeapUsed {
  now: () => number
  /** What it was at most 100 ms ago. */
  recent: () => number
  stop: () => void
}

/** Samples the heap in use: asking V8 at the start of every request would cost more than the few slow ones that report it are worth. */
export function heapUsedBytes(): HeapUsed {
  const now = () => memoryUsage().heapUsed
  let sampled = now()
  const timer = setInterval(() => {
    sampled = now()
  }, sampleEveryMs).unref()
  return { now, recent: () => sampled, stop: () => clearInterval(timer) }
}
