/** Refusals that asking again does not cure. Any other one, `database_unavailable` for example, is asked again. */
const final = new Set([
  'order_not_found',
  'cafeteria_not_found',
  'feed_expired',
  'validation_failed',
  'forbidden_role',
  'too_many_subscriptions',
])

export const isFinal = (code: string): boolean => final.has(code)

/** Refusals after which a token that the application kept is of no use. */
const ofTheToken = new Set(['access_token_expired', 'access_token_invalid', 'session_revoked'])

export const needsNewToken = (code: string | null): boolean => code !== null && ofTheToken.has(code)
