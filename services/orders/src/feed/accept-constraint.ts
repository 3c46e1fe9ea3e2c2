import { routeConstraint } from '@comanda/service'
import { eventStream } from './server-sent-events.ts'

/** Lets a URL have a separate route for streams: `constraints: { accept: eventStream }`. */
export const acceptConstraint = routeConstraint('accept', ({ headers }) =>
  headers.accept?.includes(eventStream) ? eventStream : undefined,
)
