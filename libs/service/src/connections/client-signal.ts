import type { FastifyReply } from 'fastify'

/**
 * A signal that is aborted when nobody waits for the answer any more: the client went away before it had it, or the time of the handler
 * was over and the client was told so. `request.signal` of Fastify will not do: it follows the request, which Node closes as soon as
 * its body is read, so that it is aborted while the client waits.
 */
export function clientSignal({ raw, request }: FastifyReply): AbortSignal {
  if (request.abandoning !== null) return request.abandoning.signal
  const controller = new AbortController()
  request.abandoning = controller
  const closed = () => {
    if (!raw.writableFinished) controller.abort()
  }
  // A response that is closed already does not say so again.
  if (raw.destroyed) closed()
  else raw.once('close', closed)
  return controller.signal
}
