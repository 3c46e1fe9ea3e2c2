/** Refusals that asking again does not cure. After any other one, `database_unavailable` for example, the client asks again. */
const final = new Set([
  'order_not_found',
  'cafeteria_not_found',
  'feed_expired',
  'validation_failed',
  'forbidden_role',
  'too_many_subscriptions',
])

/** Whether a refusal with this code is final, so that asking again is pointless. */
export const isFinal = (code: string): boolean => final.has(code)

/** Refusals after which a token that the application has kept is useless. */
const ofTheToken = new Set(['access_token_expired', 'access_token_invalid', 'session_revoked'])

/** Whether the next attempt needs another token than the one refused with this code; false for null. */
export const needsNewToken = (code: string | null): boolean => code !== null && ofTheToken.has(code)
