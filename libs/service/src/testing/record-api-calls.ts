import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** How an API answered at least once. */
export interface ApiCall {
  /** The folder below services/; null for what is not a service's. */
  service: string | null
  /** Null when no route matched; routes that declare none are not of the API, and not recorded. */
  operationId: string | null
  status: number
  /** The code of the problem; null when the request succeeded. */
  code: string | null
}

/**
 * From now on every Fastify instance of this process writes how it answers to a file in the directory, one JSON line for
 * each different `ApiCall`. Tests need not know: Fastify announces its instances on a diagnostics channel.
 */
export function recordApiCalls(directory: string, service: string | null): void {
  const seen = new Set<string>()
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onResponse', async (request, reply) => {
      const { operationId } = (request.routeOptions.schema ?? {}) as { operationId?: string }
      if (operationId === undefined && !request.is404) return
      const call: ApiCall = {
        service,
        operationId: operationId ?? null,
        status: reply.statusCode,
        code: request.failure?.code ?? null,
      }
      const line = JSON.stringify(call)
      if (seen.has(line)) return
      seen.add(line)
      mkdirSync(directory, { recursive: true })
      appendFileSync(join(directory, `${process.pid}.jsonl`), `${line}\n`)
    })
  })
}
