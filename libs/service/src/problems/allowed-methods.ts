import type { FastifyInstance } from 'fastify'
import createRouter from 'find-my-way'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Keeps the routes that are registered on the instance from now on, in a router like Fastify's own, which can only be asked
 * for a route by its pattern. Returns which methods a path takes, in a fixed order; none when nothing is at that path.
 */
export function allowedMethods(app: FastifyInstance): (path: string) => string[] {
  const router = createRouter()
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of methods) {
      // Several routes can have one method and path, and differ by their constraints.
      const isNew = [method].flat().includes(each) && router.findRoute(each, url) === null
      if (isNew) router.on(each, url, () => {})
    }
  })
  return (path) => methods.filter((method) => router.find(method, path) !== null)
}
