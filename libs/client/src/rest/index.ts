export type { Client } from './generated/client/index.ts'
export * from './generated/index.ts'
export { ProblemError } from './problem-error.ts'
export {
  createRestClient,
  type PlaceOrderOptions,
  type RestClient,
  type RestClientOptions,
} from './rest-client.ts'
export { defaultRetryLimits, type RetryLimits } from './retry.ts'
