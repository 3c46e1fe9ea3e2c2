import type { Service } from '@comanda/service'
import { eventStream } from './server-sent-events.ts'

type Strategy = Parameters<Service['addConstraintStrategy']>[0]

/** Lets a URL have a separate route for streams: `constraints: { accept: eventStream }`. */
export const acceptConstraint: Strategy = {
  name: 'accept',
  storage() {
    const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
    return {
      get: (accept) => handlers.get(accept) ?? null,
      set: (accept, handler) => void handlers.set(accept, handler),
    }
  },
  validate: () => {},
  deriveConstraint: ({ headers }) => (headers.accept?.includes(eventStream) ? eventStream : undefined),
}
