import { defineErrors } from '@comanda/errors'

export const accessErrors = defineErrors({
  access_token_invalid: { status: 401, title: 'The access token is not valid' },
  access_token_expired: { status: 401, title: 'The access token has expired' },
  session_revoked: { status: 401, title: 'The session was ended' },
  password_checks_busy: { status: 503, title: 'Too many people are logging in at the moment' },
})
