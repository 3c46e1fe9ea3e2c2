export { createAuthenticate } from './authenticate.ts'
export {
  type SessionRevocations,
  type SessionRevocationsOptions,
  watchSessionRevocations,
} from './session-revocations.ts'
