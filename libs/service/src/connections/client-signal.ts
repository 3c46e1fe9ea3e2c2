import type { FastifyReply } from 'fastify'

/**
 * A signal that is aborted when the client goes away before it has its answer. `request.signal` of Fastify will not do: it follows the
 * request, which Node closes as soon as its body is read, so that it is aborted while the client waits.
 */
export function clientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
