/** The constant message of the one line per request; log searches and the `http` file depend on it. */
export const requestMessage = 'request'

/** Logged and counted for a request whose client went away before the answer, as nginx does; it is never sent. */
export const abortedStatus = 499
