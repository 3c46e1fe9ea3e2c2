export { nextMessage } from './next-message.ts'
export { redisReady } from './redis-ready.ts'
export { createTestCalls, isPoll, type TestCalls } from './test-calls.ts'
export { exchange, type WireAnswer, type WireRequest } from './wire-exchange.ts'
