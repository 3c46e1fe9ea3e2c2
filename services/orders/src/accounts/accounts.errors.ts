import { defineErrors } from '@comanda/errors'

export const accountErrors = defineErrors({
  email_taken: { status: 409, title: 'There is an account with this email address' },
  // An unknown address and a wrong password get the same error, so that nobody learns who has an account.
  invalid_credentials: { status: 401, title: 'Email address and password do not fit' },
  password_too_weak: { status: 422, title: 'The password would be guessed at once' },
  wrong_password: { status: 422, title: 'The current password is another one' },
  refresh_token_invalid: { status: 401, title: 'The refresh token is unknown, or its session has ended' },
  refresh_token_reused: {
    status: 401,
    title: 'The refresh token was used before; its session was ended in case it was stolen',
  },
  session_not_found: { status: 404, title: 'There is no such session' },
})
