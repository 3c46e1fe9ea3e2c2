import fastify, { type FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** What @fastify/helmet and @fastify/cors set on every answer to a request without an origin; for answers that no hook sees. */
    constantHeaders: Readonly<Record<string, string>>
  }
}

/**
 * The headers that plugins set on every answer, by their names in lower case, found out by registering them on an instance of its own and
 * asking it once. Rejects when they cannot be registered.
 */
export async function findConstantHeaders(
  register: (probe: FastifyInstance) => Promise<void>,
): Promise<Record<string, string>> {
  const probe = fastify()
  await register(probe)
  probe.get('/', async (_request, reply) => reply.getHeaders())
  const response = await probe.inject('/')
  await probe.close()
  return response.json()
}
