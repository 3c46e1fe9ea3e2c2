export { createAuthenticate } from './authenticate.ts'
export { openSessions } from './open-sessions.ts'
export {
  type SessionRevocations,
  type SessionRevocationsOptions,
  watchSessionRevocations,
} from './session-revocations.ts'
