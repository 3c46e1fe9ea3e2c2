import type { IncomingMessage } from 'node:http'
import type { Service } from '../service.ts'

type Strategy = Parameters<Service['addConstraintStrategy']>[0]
type Storage = ReturnType<Strategy['storage']>
type Handler = ReturnType<Storage['get']>

/**
 * Lets a URL have a further route for some of its requests, registered with `constraints: { [name]: value }`.
 * @param name no other constraint of the service has it
 * @param valueOf the value of a request; undefined for requests to the route without the constraint
 */
export function routeConstraint(
  name: string,
  valueOf: (request: IncomingMessage) => string | undefined,
): Strategy {
  return {
    name,
    storage() {
      const handlers = new Map<unknown, Handler>()
      return {
        get: (value) => handlers.get(value) ?? null,
        set: (value, handler) => void handlers.set(value, handler),
      }
    },
    validate: () => {},
    deriveConstraint: valueOf,
  }
}
