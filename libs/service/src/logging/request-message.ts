/** The constant message of the one line per request; log searches and the `http` file depend on it. */
export const requestMessage = 'request'
