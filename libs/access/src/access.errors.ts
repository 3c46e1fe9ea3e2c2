import { defineErrors } from '@comanda/errors'

export const accessErrors = defineErrors({
  access_token_invalid: { status: 401, title: 'The access token is not valid' },
  access_token_expired: { status: 401, title: 'The access token has expired' },
  session_revoked: { status: 401, title: 'The session was ended' },
  // Nobody reads it; the status is the one that the log has for whoever leaves before the answer.
  client_left: { status: 499, title: 'The client did not wait for the answer' },
  // It is thrown for a cafeteria that exists and is not the caller's, too.
  cafeteria_not_found: { status: 404, title: 'There is no such cafeteria' },
  password_checks_busy: { status: 503, title: 'Too many people are logging in at the moment' },
})
